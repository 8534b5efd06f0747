// Reads the command line of `kiro-cli chat` as the version's own parser would.

const takesValue = (text) => text.startsWith('<');

/** What each option means for a run; the others have no effect here. */
const effects = {
  '--agent-engine': (value) => ({ engine: value }),
  '--v2': () => ({ engine: 'v2' }),
  '--v3': () => ({ engine: 'v3' }),
  '--output-format': (value) => ({ output: value }),
  '--agent': (value) => ({ agent: value }),
  '--require-mcp-startup': () => ({ requireMcp: true }),
  '--trust-all-tools': () => ({ trustsAll: true }),
};

/** Options with their values, and what is left of the line; `null` as option: an unknown one. */
const split = (args, flags) => {
  const options = [];
  const rest = [...args];
  let input = null;
  while (rest.length > 0) {
    const [flag, attached] = rest.shift().split(/=(.*)/s);
    if (flag === '--') return { options, input: rest.join(' ') };
    if (!flag.startsWith('-')) input = flag;
    else if (!(flag in flags)) return { unknown: flag };
    else options.push([flag, takesValue(flags[flag]) ? (attached ?? rest.shift() ?? '') : true]);
  }
  return { options, input };
};

/** Gives { engine, output, agent, requireMcp, trustsAll, input } or { error }. */
export const parseChat = (args, { flags, engines, rejects = [] }) => {
  const { unknown, options, input } = split(args, flags);
  if (unknown) return { error: `unexpected argument '${unknown}' found` };
  const plain = { engine: 'v2', output: 'text', agent: null, requireMcp: false, trustsAll: false, input };
  const chosen = Object.assign(plain, ...options.map(([flag, value]) => effects[flag]?.(value)));
  if (engines.length > 0 && !engines.includes(chosen.engine))
    return { error: `invalid value '${chosen.engine}' for '--agent-engine <ENGINE>'` };
  const rejected = options.flatMap(([flag]) => (chosen.engine === 'v3' && rejects.includes(flag) ? [flag] : []));
  if (rejected.length === 0) return chosen;
  return { error: `the following arguments are not supported with --agent-engine=v3: ${rejected.join(', ')}` };
};
