import { expect } from 'chai';
import { createAgent } from '../../../worker/build/agent/agent';
import type { ForeignEnd, ForeignProgram } from '../../../worker/build/sandbox';

const assignment = {
  task: { id: '1', title: 'T' },
  prompt: 'p',
  promptFile: '/p',
  specPath: 's',
  timeoutSeconds: 60,
  stallSeconds: 30,
};
const ended: ForeignEnd = { ending: 'exited', exitCode: 0, endSignal: null, reason: '', seconds: 1, tail: '' };

/** What kiro-cli says, as recorded, handed to the agent. */
const codeOf = async (end: Partial<ForeignEnd>): Promise<string> => {
  const sandbox = { run: async (_: ForeignProgram) => ({ ...ended, ...end }) };
  const agent = createAgent({ kind: 'kiro-cli', apiKeySecret: 's' }, 'key', { sandbox });
  try {
    await agent.work(assignment);
    return 'done';
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
};

describe('kiro-cli', () => {
  it('is not believed when it exits with 0 after it was refused', async () => {
    expect(await codeOf({ tail: 'Authentication failed.' })).to.match(
      /^AgentDied: kiro-cli did not accept the API key/,
    );
    expect(await codeOf({ tail: 'x\nMonthly request limit reached' })).to.match(
      /^AgentDied: The Kiro subscription has no requests left/,
    );
  });

  it('may talk of refusals: what it paid for was done', async () => {
    expect(
      await codeOf({ tail: 'The test "Authentication failed" passes now.\n▸ Credits: 0.31 • Time: 80s' }),
    ).to.equal('done');
    expect(await codeOf({ tail: `Authentication failed\n${'more\n'.repeat(10)}` })).to.equal('done');
  });

  it('is reported as what it is when it is missing or fails', async () => {
    expect(await codeOf({ ending: 'not-started', exitCode: null, reason: 'spawn kiro-cli ENOENT' })).to.match(
      /^AgentNotFound: kiro-cli at task 1 cannot be started: spawn kiro-cli ENOENT/,
    );
    expect(await codeOf({ exitCode: 1, tail: 'error: boom' })).to.match(
      /^AgentDied: kiro-cli at task 1 exited with 1. Its last words: error: boom/,
    );
    expect(await codeOf({ ending: 'timed-out', exitCode: null, seconds: 1800 })).to.match(
      /^AgentTimedOut: .* 30 min .*It printed nothing/,
    );
    expect(await codeOf({ exitCode: null, endSignal: 'SIGKILL' })).to.match(/^AgentDied: .* was ended by SIGKILL/);
  });
});
