/** What the model card adds to the plots of an explanation. */
export const modelCardStyle = `
.plot .bar{stroke:var(--accent);stroke-width:2;fill:none}
.plot .curve{stroke:var(--accent);stroke-width:1.6;fill:none}
.facts{margin:0;padding-left:20px;max-width:84ch}.facts li{margin:4px 0}
.numbers code{font-size:12px;overflow-wrap:anywhere}
`;
