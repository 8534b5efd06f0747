// The sample's agent: does to the work tree what a coding agent would, from a script, without a network.
// node agent.mjs WORK_FOLDER FAULTS_FOLDER: the spec's name and the task's id say which files are "written".
import { cpSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';

const [workFolder, faultsFolder] = process.argv.slice(2);
const spec = basename(process.env.KIRO_WORKER_SPEC_PATH ?? '');
const task = process.env.KIRO_WORKER_TASK_ID ?? '';

console.log(`Reading the spec ${spec}, task ${task}: ${process.env.KIRO_WORKER_TASK_TITLE ?? ''}`);
if (existsSync(join(faultsFolder, spec))) {
  console.log('Thinking ...');
  process.kill(process.pid, 'SIGKILL'); // what the kernel does to an agent that takes too much memory
}
const written = join(workFolder, spec, task);
if (existsSync(written)) {
  cpSync(written, process.cwd(), { recursive: true });
  console.log('Wrote the code and its tests.');
} else {
  console.log('Nothing to write for this task.');
}
