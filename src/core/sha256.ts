import { UnsupportedError } from "./errors.ts";

/**
 * SHA-256 of bytes as lower-case hexadecimal, by the platform's WebCrypto.
 * @throws UnsupportedError on a page that was not loaded securely, where there is none
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = crypto as { readonly subtle?: typeof crypto.subtle };
  if (subtle === undefined) {
    throw new UnsupportedError("This page has no WebCrypto, which checks model files.", {
      hint: "Open it over https or from localhost.",
    });
  }
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
