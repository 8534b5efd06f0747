import type { Replay } from './replay-agent';
import type { ExpectedEnd } from './sample-items';

export type KiroEngine = 'v2' | 'v3';

/** One item of the board of agent faults: which kiro-cli works on it, and how that must end. */
export type AgentFault = Replay & Omit<ExpectedEnd, 'number'> & { readonly spec: string; readonly engine: KiroEngine };

const works = (engine: KiroEngine, version: string, fault: string, spec: string, shows: string): AgentFault => ({
  engine,
  version,
  fault,
  spec,
  shows,
  outcome: 'green',
  reason: null,
  status: 'In review',
  pullRequest: 'open',
});

const fails = (engine: KiroEngine, version: string, fault: string, reason: string, shows: string): AgentFault => ({
  engine,
  version,
  fault,
  spec: fault === 'none' ? `version-${version.replaceAll('.', '-')}` : fault,
  shows,
  outcome: 'failed',
  reason,
  status: 'Needs attention',
  pullRequest: 'none',
});

/** The failure catalogue of kiro-cli as people have recorded it, version by version. */
export const agentFaults: readonly AgentFault[] = [
  works('v2', '2.4.2', 'none', 'works-2-4-2', 'kiro-cli 2.4.2 works: plain text, proof is its trailer'),
  works('v2', '2.13.0', 'none', 'works-2-13-0', 'kiro-cli 2.13.0 works: several engines, plain text'),
  works('v2', '2.21.2', 'none', 'works-2-21-2', 'kiro-cli 2.21.2 works: stream-json'),
  works('v2', '2.37.1', 'none', 'works-2-37-1', 'kiro-cli 2.37.1 works: the engine has a flag of its own'),
  works('v2', '2.21.2', 'leak', 'leak', 'a server outlives the run and holds its pipes: it is ended'),
  works('v2', '2.21.2', 'lingers', 'lingers', 'the process does not leave although it is done: it is ended'),
  works('v2', '2.21.2', 'garbage', 'garbage', 'garbage and a line of 9 MB among the events'),
  works('v2', '2.21.2', 'unavailable-once', 'unavailable-once', 'Kiro is out of reach once: tried again'),
  works('v2', '2.21.2', 'recovers', 'recovers', 'it gets over an error of its own'),
  fails('v2', '2.21.2', 'bad-key', 'AgentKeyRefused', 'the key is refused: found before anything is paid for'),
  fails('v2', '2.4.2', 'revoked-key', 'AgentKeyRefused', 'the key is refused later, with exit code 0'),
  fails('v2', '2.4.2', 'login', 'AgentKeyRefused', 'it waits for a person to log in: ended at once'),
  fails('v2', '2.21.2', 'quota', 'AgentQuotaUsedUp', 'the month is used up, with exit code 0'),
  fails('v2', '2.21.2', 'quota-noise', 'AgentQuotaUsedUp', 'the month is used up, and much is printed after that'),
  fails('v2', '2.4.2', 'quota-success', 'AgentQuotaUsedUp', 'the month is used up, and it calls that a success'),
  fails('v2', '2.21.2', 'usage-limit', 'AgentQuotaUsedUp', 'the month is used up, in the words of later versions'),
  fails('v2', '2.21.2', 'throttled', 'AgentUnavailable', 'the service throttles it, four times'),
  fails('v2', '2.4.2', 'locked', 'AgentKeyRefused', 'Kiro has locked the account of the key'),
  fails('v2', '2.4.2', 'late-login', 'AgentKeyRefused', 'it waits for a login after many warnings: ended at once'),
  fails('v2', '1.22.0', 'none', 'AgentUnsupported', 'a version that needs a terminal'),
  fails('v2', '2.21.2', 'agent-missing', 'AgentProfileMissing', 'exit code 4: the custom agent is not there'),
  fails('v2', '2.21.2', 'mcp', 'AgentMcpFailed', 'exit code 3: an MCP server does not start'),
  fails('v2', '2.21.2', 'denied-tool', 'AgentToolDenied', 'its tools are denied, and it calls that a success'),
  fails('v2', '2.21.2', 'no-output', 'AgentNoOutput', 'exit code 0 and not a word'),
  fails('v2', '2.21.2', 'deaf', 'AgentNoOutput', 'it writes plain text though it was asked for events: paid for once'),
  fails('v2', '2.21.2', 'unavailable', 'AgentUnavailable', 'Kiro is out of reach, four times'),
  fails('v2', '2.21.2', 'breaks-off', 'AgentUnavailable', 'the connection breaks off in the middle of the work'),
  fails('v2', '2.21.2', 'thinks', 'AgentUnavailable', 'the connection breaks off while it thinks: that was paid for'),
  fails('v2', '2.21.2', 'charged', 'AgentUnavailable', 'the connection breaks off after it was charged for'),
  fails('v2', '2.21.2', 'hang', 'AgentStalled', 'it falls silent'),
  fails('v2', '2.4.2', 'chatter', 'AgentTimedOut', 'it talks on for ever'),
  fails('v2', '2.21.2', 'killed', 'AgentDied', 'the kernel kills it'),
  fails('v2', '2.4.2', 'quotes-errors', 'AgentDied', 'the kernel kills it while it quotes messages of kiro-cli'),
  fails('v2', '2.21.2', 'early', 'AgentDied', 'it stops in the middle and calls that a success'),
  fails('v2', '2.21.2', 'fails-itself', 'AgentDied', 'it says itself that it failed, with exit code 0'),
  fails('v2', '2.21.2', 'says-done', 'AgentDidNothing', 'it says that all is done, and has done nothing'),
  works(
    'v3',
    '2.21.2',
    'none',
    'works-2-21-2',
    'engine v3 of 2.21.2 works, and leaves its server running: it is ended',
  ),
  works('v3', '2.37.1', 'none', 'works-2-37-1', 'engine v3 of 2.37.1 works'),
  fails('v3', '2.13.0', 'none', 'AgentUnsupported', 'engine v3 of 2.13.0 gives no proof of its work'),
  fails('v3', '2.4.2', 'login', 'AgentUnsupported', '2.4.2 has no engine v3: found before anything runs'),
  fails('v3', '2.21.2', 'quota', 'AgentQuotaUsedUp', 'the month is used up, with exit code 1'),
  fails('v3', '2.37.1', 'says-done', 'AgentDidNothing', 'it says that all is done, and has done nothing'),
];

export const agentFaultsOf = (engine: KiroEngine): readonly AgentFault[] =>
  agentFaults.filter((fault) => fault.engine === engine);

/** In the order of the board. */
export const endsOfAgentFaults = (engine: KiroEngine): readonly ExpectedEnd[] =>
  agentFaultsOf(engine).map(({ shows, outcome, reason, status, pullRequest }, at) => ({
    number: at + 1,
    shows,
    outcome,
    reason,
    status,
    pullRequest,
  }));
