// node update.js URL ROOT TARGET FILE: refreshes the repository at URL as tuf-js does, beginning with ROOT, and
// downloads TARGET into FILE. Says in one line what was refused.
const fs = require('fs');
const os = require('os');
const path = require('path');
const { Updater } = require(path.join(process.env.TUF_JS, 'node_modules', 'tuf-js'));

async function main([url, root, target, file]) {
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'tuf-js-'));
  fs.copyFileSync(root, path.join(state, 'root.json'));
  const updater = new Updater({
    metadataDir: state,
    metadataBaseUrl: `${url}/metadata`,
    targetDir: state,
    targetBaseUrl: `${url}/targets`,
  });
  await updater.refresh();
  const info = await updater.getTargetInfo(target);
  if (!info) throw new Error(`nobody speaks of ${target}`);
  fs.copyFileSync(await updater.downloadTarget(info, path.join(state, 'download')), file);
  console.log(`tuf-js: ${target}: ${info.length} bytes`);
  fs.rmSync(state, { recursive: true });
}

main(process.argv.slice(2)).catch((error) => {
  console.log(`tuf-js: ${error.constructor.name}: ${error.message}`);
  process.exit(1);
});
