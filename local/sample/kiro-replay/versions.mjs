// What recorded versions of kiro-cli offer. Only what a caller without a terminal can notice.

const common = {
  '--no-interactive': 'Run without expecting input from a person',
  '--trust-all-tools': 'Allow every tool without confirmation',
  '--trust-tools': '<NAMES> Trust only these tools, with commas between',
  '--model': '<MODEL> Model of this invocation',
  '--agent': '<AGENT> Custom agent to use',
  '--resume': 'Go on with the last conversation of this folder',
  '--list-models': 'List the models that are available',
  '--format': '<FORMAT> Output of lists [possible values: plain, json, json-pretty]',
  '--require-mcp-startup': 'Exit with 3 when an MCP server does not start',
  '--wrap': '<WRAP> Line wrapping [possible values: always, never, auto]',
  '--verbose': 'More logging',
};

const engine = (...values) => `<ENGINE> Agent engine, "v2" by default [possible values: ${values.join(', ')}]`;
const output = { '--output-format': '<OUTPUT_FORMAT> [possible values: text, stream-json]' };

/** `leaks`: engine v3 leaves its server running; `rejects`: options that engine v3 refuses. */
export const versions = {
  // No machine-readable output; a missing agent falls back to the default one; MCP is off with an API key.
  '2.4.2': {
    engines: ['v2', 'v1', 'kas'],
    flags: { ...common, '--agent-engine': engine('v2', 'v1', 'kas') },
    agentFallsBack: true,
    mcpIsOff: true,
  },
  '2.13.0': {
    engines: ['v2', 'v1', 'v3'],
    flags: {
      ...common,
      '--agent-engine': engine('v2', 'v1', 'v3'),
      '--v3': 'Use the next engine',
      '--effort': '<EFFORT>',
    },
    rejects: ['--trust-all-tools', '--trust-tools'],
    agentFallsBack: true,
    leaks: true,
  },
  '2.21.2': {
    engines: ['v2', 'v1', 'v3'],
    flags: {
      ...common,
      '--agent-engine': engine('v1', 'v2', 'v3'),
      '--v3': 'Use the next engine',
      '--effort': '<EFFORT>',
      ...output,
    },
    streams: true,
    leaks: true,
  },
  // The engine is chosen by a flag of its own; nothing is left running.
  '2.37.1': {
    engines: ['v2', 'v3'],
    flags: {
      ...common,
      '--v2': 'Use engine v2 this time',
      '--v3': 'Use engine v3 this time',
      '--effort': '<EFFORT>',
      ...output,
    },
    streams: true,
  },
  // Before headless use.
  '1.22.0': { engines: [], flags: { '--trust-all-tools': common['--trust-all-tools'], '--agent': common['--agent'] } },
};

const paragraph = ([flag, text]) => {
  const [, value = '', what = ''] = /^(<\w+> ?)?([\s\S]*)$/.exec(text);
  return `      ${flag} ${value}`.trimEnd() + (what ? `\n          ${what}` : '');
};

export const helpOf = ({ flags }) =>
  [
    'Usage: kiro-cli-chat chat [OPTIONS] [INPUT]',
    '',
    'Options:',
    ...Object.entries(flags).map(paragraph),
    '  -h, --help',
    '          Print help',
    '',
  ].join('\n');
