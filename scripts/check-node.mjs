// Says what to do when npm scripts do not run on the project's own Node 24.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(
    `ystar needs Node 24 and this is Node ${process.versions.node}. The dev dependency "node" brings it:\n` +
      `run "npm ci" first; if your npm blocks install scripts, run "npm ci --allow-scripts=node".`,
  );
  process.exit(1);
}
