import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, dist, folder } from './build.mjs';

// npm run bench [-- --only kysely,queryset] [--workload key,join] [--quick] [--rounds 25] [--out results]

await build();
const main = spawn(process.execPath, [join(dist, 'harness/main.js'), folder, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// A signal reaches the whole group; the child cleans up, and this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => main.kill(signal));
main.on('exit', (code) => process.exit(code ?? 1));
