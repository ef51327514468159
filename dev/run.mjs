// Starts one of the commands of this folder. Plain JavaScript that old versions of Node can read as well, so that they
// get a sentence instead of a syntax error.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 19)) {
  console.error(
    'This command needs Node 22.19 or newer and was started with ' +
      process.versions.node +
      '. Run "npm ci" with Node 20 or newer (it brings Node 24 along), then the command through "npm run".',
  );
  process.exit(1);
}
var command = process.argv[2];
process.argv.splice(2, 1);
// Node keeps what it has compiled, for this process and those that it starts.
process.env.NODE_COMPILE_CACHE =
  process.env.NODE_COMPILE_CACHE || import.meta.dirname + '/../node_modules/.cache/node';
void import('node:module').then(function (module) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  return import(new URL('./' + command + '.ts', import.meta.url).href);
});
