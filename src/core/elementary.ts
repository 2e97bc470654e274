/** Elementary functions that give the same digits on every machine. */
export const exp = Math.exp;
export const log = Math.log;
