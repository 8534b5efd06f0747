import { expect } from 'chai';
import { complaintOf, judgeKiroRun } from '../../../../worker/build/agent/judge-kiro-run';
import type { RunFacts } from '../../../../worker/build/agent/run-facts';
import type { ForeignEnd } from '../../../../worker/build/sandbox';

const ended: ForeignEnd = { ending: 'exited', exitCode: 0, endSignal: null, reason: '', seconds: 1, tail: '' };
const nothing: RunFacts = {
  engine: null,
  finished: null,
  error: null,
  credits: null,
  acted: false,
  deniedTools: [],
  asksForLogin: false,
  words: '',
  ownWords: '',
  verdict: null,
  fallback: null,
  withoutMcp: null,
  otherModel: null,
};
/** How versions in Rust begin what went wrong with a request; its causes follow, numbered. */
const TROUBLE = 'Kiro is having trouble responding right now:';
const success = { success: true, stopReason: 'end_turn' };

const codeOf = (
  end: Partial<ForeignEnd>,
  facts: Partial<RunFacts>,
  streams = true,
  profile: string | null = null,
): string => {
  try {
    judgeKiroRun(
      { ...ended, ...end },
      { ...nothing, ...facts },
      { who: 'kiro-cli at task 1', profile, requireMcp: true, streams },
    );
    return 'done';
  } catch (error) {
    return (error as Error).name;
  }
};

describe('complaintOf', () => {
  it('says what a run that changed nothing complained of, and nothing where it did not', () => {
    const complaint = complaintOf({ ...nothing, verdict: 'Monthly request limit reached' }, 'kiro-cli at task 1');
    expect(complaint).to.include({ code: 'AgentQuotaUsedUp' });
    expect(complaint?.message).to.contain('Monthly request limit reached');
    for (const verdict of [
      '❌ The monthly usage limit has been reached. Retrying will not help until the limit resets.',
      'Error: Internal error (code -32603): The monthly usage limit has been reached',
      "You've reached your monthly usage limit. Please return next month.",
    ])
      expect(complaintOf({ ...nothing, verdict }, 'kiro-cli'), verdict).to.include({ code: 'AgentQuotaUsedUp' });
    for (const verdict of [
      'When the monthly usage limit has been reached, it waits.',
      '- Request limit reached: shown',
    ])
      expect(complaintOf({ ...nothing, verdict }, 'kiro-cli'), verdict).to.equal(null);
    expect(complaintOf({ ...nothing, words: 'Monthly request limit reached' }, 'kiro-cli')).to.equal(null);
  });
});

describe('judgeKiroRun', () => {
  it('quotes what was said once, and first what the run was ended by', () => {
    const limit = 'Monthly request limit reached';
    const judge = (facts: Partial<RunFacts>) => () =>
      judgeKiroRun(
        { ...ended },
        { ...nothing, ...facts },
        { who: 'kiro-cli', profile: null, requireMcp: false, streams: false },
      );
    expect(judge({ verdict: limit, ownWords: `${limit}\nThe limits reset on 12/01` })).to.throw(
      /^[^:]*\. It said: Monthly request limit reached\nThe limits reset on 12\/01$/,
    );
    expect(judge({ verdict: limit, ownWords: 'a warning' })).to.throw(
      /It said: Monthly request limit reached\na warning$/,
    );
    const failed = { success: false, stopReason: 'failed' };
    expect(judge({ finished: failed })).to.throw(/did not succeed \(failed\)\. It printed nothing\.$/);
    expect(judge({ finished: failed, acted: true })).to.throw(/did not succeed \(failed\)\.$/);
    expect(judge({ acted: true, words: 'a word' })).to.throw(/It said: a word$/);
  });

  it('believes a run that has proved its end, whatever the model talked of and however the process left', () => {
    expect(
      codeOf({}, { finished: success, ownWords: 'Authentication failed\nMonthly request limit reached' }),
    ).to.equal('done');
    expect(codeOf({ ending: 'aborted', exitCode: null }, { finished: success })).to.equal('done');
    expect(codeOf({ ending: 'stalled', exitCode: null }, { finished: success })).to.equal('done');
    expect(codeOf({}, { finished: success }, false)).to.equal('done');
    expect(codeOf({ ending: 'aborted', exitCode: null }, { finished: success }, false)).to.equal('done');
  });

  it('believes nothing else: neither exit code 0, nor text, nor a run that did not succeed', () => {
    expect(codeOf({}, { acted: true })).to.equal('AgentNoOutput');
    expect(codeOf({}, {})).to.equal('AgentNoOutput');
    expect(codeOf({}, { finished: { success: false, stopReason: null } })).to.equal('AgentDied');
    expect(codeOf({}, { finished: success, error: 'boom' })).to.equal('AgentDied');
    expect(codeOf({ exitCode: 1 }, { finished: success }, false)).to.equal('AgentDied');
    for (const stopReason of ['max_tokens', 'max_turn_requests', 'refusal', 'cancelled'])
      expect(codeOf({}, { finished: { success: true, stopReason } })).to.equal('AgentDied');
  });

  it('gives each exit code its own code', () => {
    expect([1, 2, 3, 4, 126, 127, 137].map((exitCode) => codeOf({ exitCode }, {}))).to.deep.equal([
      'AgentDied',
      'AgentUnsupported',
      'AgentMcpFailed',
      'AgentProfileMissing',
      'AgentNotFound',
      'AgentNotFound',
      'AgentDied',
    ]);
    expect(codeOf({ ending: 'not-started', exitCode: null, reason: 'ENOENT' }, {})).to.equal('AgentNotFound');
    expect(codeOf({ exitCode: null, endSignal: 'SIGKILL' }, {})).to.equal('AgentDied');
    expect(codeOf({ exitCode: 1, tail: 'ENOSPC: no space left on device' }, {})).to.equal('DiskFull');
  });

  it('reads the words that were recorded', () => {
    const words: readonly (readonly [string, string])[] = [
      ['Authentication failed. Your API key may be invalid or expired.', 'AgentKeyRefused'],
      ['error: You are not logged in, please log in with kiro-cli login', 'AgentKeyRefused'],
      ['Monthly request limit reached\nThe limits reset on 12/01', 'AgentQuotaUsedUp'],
      ['{"name":"UsageLimitReachedError","reason":"MONTHLY_REQUEST_COUNT"}', 'AgentQuotaUsedUp'],
      [
        'error: the following arguments are not supported with --agent-engine=v3: --trust-all-tools',
        'AgentUnsupported',
      ],
      [
        '--output-format stream-json is not supported on the v1 engine. Pass --agent-engine v2 (or v3).',
        'AgentUnsupported',
      ],
      ["kiro-cli: /lib64/libc.so.6: version `GLIBC_2.39' not found", 'AgentUnsupported'],
      ['dispatch failure: error sending request', 'AgentUnavailable'],
      ['getaddrinfo ENOTFOUND runtime.us-east-1.kiro.dev', 'AgentUnavailable'],
      ['ThrottlingException: Too many requests', 'AgentUnavailable'],
      ['unexpected status: 503', 'AgentUnavailable'],
      ['The monthly usage limit has been reached (request_id: 0e06d8cd-211d)', 'AgentQuotaUsedUp'],
      ['Error: Internal error (code -32603): The monthly usage limit has been reached', 'AgentQuotaUsedUp'],
      ["You've reached your monthly usage limit. Please return next month.", 'AgentQuotaUsedUp'],
      ['You have reached the limit for overages.', 'AgentQuotaUsedUp'],
      ['service error: ServiceQuotaExceededException', 'AgentQuotaUsedUp'],
      ['{"message":"…","reason":"OVERAGE_REQUEST_LIMIT_EXCEEDED"}', 'AgentQuotaUsedUp'],
      [`${TROUBLE}\n   0: Failed to send the request: monthly query limit reached`, 'AgentQuotaUsedUp'],
      ['The request was throttled by the service (request_id: 75c1c430-2f69)', 'AgentUnavailable'],
      ['Rate limit exceeded. Please wait a moment before trying again.', 'AgentUnavailable'],
      ['⚠️ Kiro rate limit reached:\n   Request quota exceeded. Please wait a moment.', 'AgentUnavailable'],
      [`${TROUBLE}\n   0: Failed to send the request: quota has reached its limit`, 'AgentUnavailable'],
      [
        `${TROUBLE}\n   0: Failed to receive the next message: error: InternalServerError: Encountered`,
        'AgentUnavailable',
      ],
      ["The model you've selected is temporarily unavailable. Please use '/model'", 'AgentUnavailable'],
      [`${TROUBLE}\n   1: An unknown error occurred: AccessDeniedException`, 'AgentKeyRefused'],
      ['message: "The bearer token included in the request is invalid."', 'AgentKeyRefused'],
      ['Access denied. Please check your authentication. (Request ID: c860d550)', 'AgentKeyRefused'],
      ["error: Model 'x' does not exist. Available models: auto", 'AgentUnsupported'],
      ["The model 'auto' is not available. Please select a different model", 'AgentUnsupported'],
      [`${TROUBLE}\n   0: Failed to send the request: the context window has overflowed`, 'AgentDied'],
      ['Failed to retrieve MCP settings; MCP functionality disabled', 'AgentDied'],
      ['thread main panicked', 'AgentDied'],
    ];
    for (const [text, code] of words) {
      expect(codeOf({ exitCode: 1 }, { ownWords: text }), text).to.equal(code);
      expect(codeOf({ exitCode: 1 }, { error: text }), text).to.equal(code);
    }
    expect(codeOf({}, { ownWords: 'Authentication failed.' }, false)).to.equal('AgentKeyRefused');
  });

  it('says what to do about it: nothing is to be waited for where an account is locked, or a model not offered', () => {
    const remedyOf = (ownWords: string): string => {
      try {
        judgeKiroRun(
          { ...ended, exitCode: 1 },
          { ...nothing, ownWords },
          { who: 'kiro-cli', profile: null, requireMcp: false, streams: false },
        );
      } catch (error) {
        return `${(error as Error).name}: ${(error as { remedy?: string }).remedy}`;
      }
      return '';
    };
    const locked = `${TROUBLE}\n   1: An unknown error occurred: AccessDeniedException\n   5: Error { message: "Your User ID (1) temporarily is suspended. We've locked your account" }`;
    expect(remedyOf(locked)).to.match(/^AgentKeyRefused: Have it unlocked/);
    expect(remedyOf('{"message":"…","reason":"INVALID_MODEL_ID"}')).to.match(/^AgentUnsupported: .*agent\.model/);
  });

  it('tells a refusal from a hang, also when the process had to be ended', () => {
    expect(codeOf({ ending: 'aborted', exitCode: null }, { asksForLogin: true })).to.equal('AgentKeyRefused');
    expect(codeOf({ ending: 'stalled', exitCode: null }, { ownWords: 'Monthly request limit reached' })).to.equal(
      'AgentQuotaUsedUp',
    );
    expect(codeOf({ ending: 'stalled', exitCode: null }, { ownWords: 'dispatch failure' })).to.equal('AgentStalled');
    expect(codeOf({ ending: 'timed-out', exitCode: null }, {})).to.equal('AgentTimedOut');
  });

  it('does not accept another agent than the one that was asked for', () => {
    const fallback = 'Error: no agent with name builder found. Falling back to user specified default';
    expect(codeOf({}, { finished: success, fallback }, false, 'builder')).to.equal('AgentProfileMissing');
    expect(codeOf({}, { finished: success, fallback }, false)).to.equal('done');
  });

  it('does not accept a run without the MCP servers that were asked for', () => {
    const withoutMcp = 'Failed to retrieve MCP settings; MCP functionality disabled';
    expect(codeOf({}, { finished: success, withoutMcp }, false)).to.equal('AgentMcpFailed');
  });

  it('concludes nothing from words that are not its own', () => {
    const words = '> I map 401 to:\nAuthentication failed\nand 503 to: service unavailable';
    expect(codeOf({ exitCode: null, endSignal: 'SIGKILL' }, { words, acted: true }, false)).to.equal('AgentDied');
  });
});
