// A program that behaves as a recorded version of kiro-cli does, or as one in trouble does. It reaches nobody and costs nothing.
// replay.json beside it says which version and which fault it plays, for each spec by its name; `default` for all others:
//   { "default": { "version": "2.21.2", "fault": "none", "writes": { "src/a.js": "…" } }, "specs": { "checkout": { … } } }
// A spec's files for a task lie in work/SPEC/TASK, if there are any.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseChat } from './arguments.mjs';
import { askForLogin, faults, leaveServer } from './faults.mjs';
import { helpOf, versions } from './versions.mjs';
import { plainVoice, streamVoice } from './voice.mjs';

const folder = import.meta.dirname;
const scenarios = JSON.parse(readFileSync(join(folder, 'replay.json'), 'utf8'));
const spec = basename(process.env.KIRO_WORKER_SPEC_PATH ?? '');
const { version, fault = 'none', writes = {} } = { ...scenarios.default, ...scenarios.specs?.[spec] };
const abilities = versions[version];
const hasKey = (process.env.KIRO_API_KEY ?? '') !== '';

const fail = (code, message) => {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = code;
};

const whoami = () => {
  if (!hasKey) return fail(1, 'Not logged in');
  if (fault === 'bad-key')
    return process.stderr.write('Authentication failed. Your API key may be invalid or expired.\n');
  return process.stdout.write('Authenticated with API key\nEmail: developer@example.com\n');
};

const write = () => {
  const task = join(folder, 'work', spec, process.env.KIRO_WORKER_TASK_ID ?? '');
  if (existsSync(task)) cpSync(task, process.cwd(), { recursive: true });
  for (const [name, text] of Object.entries(writes)) {
    mkdirSync(dirname(name), { recursive: true });
    writeFileSync(name, text);
  }
};

/** Engine v3 wants Markdown, and drops an agent without a `permissions` block. */
const hasAgent = (name, engine) => {
  const file = `.kiro/agents/${name}.${engine === 'v3' ? 'md' : 'json'}`;
  return existsSync(file) && (engine !== 'v3' || /^permissions:/m.test(readFileSync(file, 'utf8')));
};

const chat = (args) => {
  if (args.includes('--help')) return process.stdout.write(helpOf(abilities));
  const chosen = parseChat(args, abilities);
  if (chosen.error) return fail(2, chosen.error);
  if (!hasKey) return askForLogin();
  const { engine, output, agent, requireMcp, trustsAll } = chosen;
  const streams = output === 'stream-json';
  const voice = streams ? streamVoice(engine) : plainVoice(engine);
  if (streams && engine === 'v1') {
    voice.error('--output-format stream-json is not supported on the v1 engine. Pass --agent-engine v2 (or v3).');
    return fail(1, 'not supported');
  }
  if ((chosen.input ?? readFileSync(0, 'utf8')).trim() === '')
    return fail(1, 'Input must be supplied when running in non-interactive mode');
  if (abilities.mcpIsOff) process.stderr.write('Failed to retrieve MCP settings; MCP functionality disabled\n');
  else if (requireMcp && existsSync('.kiro/settings/mcp.json'))
    return fail(3, 'MCP server "broken" failed to start: connection closed');
  if (agent !== null && !hasAgent(agent, engine)) {
    if (!abilities.agentFallsBack) return fail(4, `agent "${agent}" is not available on engine ${engine}`);
    process.stderr.write(`Error: no agent with name ${agent} found. Falling back to user specified default\n`);
  }
  if (engine === 'v3' && abilities.leaks) leaveServer(false);
  return faults[trustsAll || fault !== 'none' ? fault : 'denied-tool']({ engine, voice, write });
};

const [command, ...rest] = process.argv.slice(2);
if (command === '--version') process.stdout.write(`kiro-cli ${version}\n`);
else if (command === 'whoami') whoami();
else if (command === 'chat') chat(rest);
else fail(2, `unrecognized subcommand '${command}'`);
