import { expect } from 'chai';
import { unlimitedCredits } from '../../../domain/credit-allowance';
import { WorkerError } from '../../../domain/errors';
import { type Spending, spendingSchema } from '../../../domain/spending';
import { type AgentGround, type Assignment, createAgent, type Performer } from '../../../worker/build/agent/agent';
import { guardSpending } from '../../../worker/build/spending';
import { type BuildGround, prepareBuild, type Scene } from '../../support/build-ground';
import { failureOf } from '../../support/failure-of';
import { AT } from '../../support/spendings';
import { leaseOf, workItem } from '../../support/work-items';

const KEY = 'builds/execution-1/build/spending.json';

describe('guardSpending', () => {
  const assignment = (id: string): Assignment => ({
    task: { id, title: 'Task' },
    prompt: '',
    promptFile: '',
    specPath: '',
    timeoutSeconds: 1,
    stallSeconds: 1,
    choices: { requireMcp: false },
  });
  const elsewhere = { home: '' } as AgentGround;

  /** What the processes of one run cost, and the error that it ended with. */
  type End = { readonly cost: readonly (number | null)[]; readonly error?: Error };
  const costs = (...cost: (number | null)[]): End => ({ cost });

  const guard = (ends: readonly End[], credits = unlimitedCredits, failAt = 0) => {
    const written: Spending[] = [];
    let turn = 0;
    const scripted: Performer = {
      prepare: async () => undefined,
      describe: () => ({ kind: 'kiro-cli', version: null, engine: null, output: null }),
      perform: async (_assignment, _ground, spent) => {
        const { cost, error } = ends[turn] ?? costs();
        turn += 1;
        for (const each of cost) spent({ seconds: 1, credits: each, stopReason: null });
        if (error) throw error;
        return { seconds: 1, credits: null, stopReason: null, version: null, deniedTools: [], complaint: null };
      },
    };
    const writeText = async (key: string, text: string) => {
      expect(key).to.equal(KEY);
      written.push(spendingSchema.parse(JSON.parse(text)));
      if (written.length === failAt) throw new WorkerError('AwsUnavailable', 'no');
      return { versionId: 'v' };
    };
    const place = { credits, item: workItem(), lease: leaseOf(), key: KEY };
    const agent = createAgent(scripted, elsewhere);
    return { ...guardSpending(place, { agent, store: { writeText }, now: () => AT }), written, turns: () => turn };
  };

  it('writes a run down before it begins, as one of unknown cost, and again with what it has cost', async () => {
    const { agent, written } = guard([costs(1.25), costs(null), costs(1, null)]);
    for (const id of ['1', '2', '3']) await agent.work(assignment(id));
    expect(written.map(({ runs }) => runs.map(({ credits, endedAt }) => [credits, endedAt !== null]))).to.deep.equal([
      [[null, false]],
      [[1.25, true]],
      [
        [1.25, true],
        [null, false],
      ],
      [
        [1.25, true],
        [null, true],
      ],
      [
        [1.25, true],
        [null, true],
        [null, false],
      ],
      [
        [1.25, true],
        [null, true],
        [null, true],
      ],
    ]);
    expect(written.at(-1)).to.include({ itemId: 'PVTI_1', fence: 1 });
  });

  it('knows what an agent has cost that failed; one that was never started has cost nothing', async () => {
    const error = new WorkerError('AgentDied', 'died');
    const absent = new WorkerError('AgentNotFound', 'no');
    const { agent, runs } = guard([
      { cost: [0.5, 1.5], error },
      { cost: [null], error },
      { cost: [], error },
      { cost: [null], error: absent },
    ]);
    for (const id of ['1', '2', '3', '4']) await failureOf(agent.work(assignment(id)));
    expect(runs().map(({ credits }) => credits)).to.deep.equal([2, null, 0, 0]);
  });

  it('goes on counting where the agent goes on', async () => {
    const { agent, runs } = guard([costs(1), costs(2)]);
    await agent.work(assignment('1'));
    await agent.movedTo(elsewhere).work(assignment('repair-1'));
    expect(runs().map(({ task, credits }) => [task, credits])).to.deep.equal([
      ['1', 1],
      ['repair-1', 2],
    ]);
  });

  it('runs no agent whose run could not be written down', async () => {
    const { agent, turns } = guard([costs(1)], unlimitedCredits, 1);
    expect((await failureOf(agent.work(assignment('1')))).name).to.equal('AwsUnavailable');
    expect(turns()).to.equal(0);
  });

  it('says what the agent failed with, also when that could not be written down', async () => {
    const { agent, runs } = guard(
      [{ cost: [1], error: new WorkerError('AgentTimedOut', 'too long') }],
      unlimitedCredits,
      2,
    );
    expect((await failureOf(agent.work(assignment('1')))).name).to.equal('AgentTimedOut');
    expect(runs()).to.have.length(1);
  });

  it('refuses a new task from the soft stop on, and every run from the hard stop on', async () => {
    const credits = { ...unlimitedCredits, soft: 2, softBudget: 'day' as const, hard: 3 };
    const { agent, refusal, turns } = guard([costs(1.99), costs(0.01), costs(1)], credits);
    await agent.work(assignment('1'));
    expect(refusal()).to.equal(null);
    await agent.work(assignment('2'));
    expect(refusal()?.code).to.equal('CreditsUsedUp');
    expect(refusal()?.message).to.equal(
      "This build has cost 2 credits; the day's budget of the environment left it 2, so no new task is begun.",
    );
    await agent.work(assignment('2'));
    const stopped = await failureOf(agent.work(assignment('2')));
    expect(stopped.name).to.equal('CreditsUsedUp');
    expect(stopped.message).to.match(
      /^This build has cost 3 credits; the item's budget left it 3, so no run of the agent is begun/,
    );
    expect(turns()).to.equal(3);
  });

  it('counts runs of unknown cost as the budget says', async () => {
    const { agent, refusal } = guard([costs(null), costs(null)], {
      ...unlimitedCredits,
      soft: 5,
      unknownRunCredits: 2.5,
    });
    await agent.work(assignment('1'));
    expect(refusal()).to.equal(null);
    await agent.work(assignment('2'));
    expect(refusal()?.message).to.match(/0 credits and 2 runs of unknown cost \(counted as 2\.5 each\)/);
  });
});

describe('a build with a budget', () => {
  let ground: BuildGround | null = null;
  afterEach(() => ground?.remove());
  const prepare = async (scene: Scene): Promise<BuildGround> => {
    ground = await prepareBuild(scene);
    return ground;
  };

  it('begins no new task once its share is spent, keeps what is done, and says why', async () => {
    const { run, store, lines } = await prepare({
      tasks: '- [ ] 1. One\n- [ ] 2. Two\n- [ ] 3. Three\n- [ ] 4. Four\n',
      agent: 'echo "$KIRO_WORKER_TASK_ID" > "done-$KIRO_WORKER_TASK_ID.txt"',
      credits: { ...unlimitedCredits, soft: 2 },
    });
    const result = await run();
    expect(result.tasks.map(({ state }) => state)).to.deep.equal(['done', 'done', 'open', 'open']);
    expect(result.commits).to.have.length(2);
    expect(result.fault).to.include({ code: 'CreditsUsedUp', task: '3' });
    expect(result.fault?.remedy).to.match(/kiro-worker budget show/);
    expect(lines.join('\n')).to.match(/task 3: not begun: CreditsUsedUp/);
    const spending = spendingSchema.parse(JSON.parse((await store.readText(KEY)) ?? ''));
    expect(spending.runs.map(({ task, credits }) => [task, credits])).to.deep.equal([
      ['1', null],
      ['2', null],
    ]);
  });

  it('leaves word of what it spent also when it fails', async () => {
    const { fail, store } = await prepare({ tasks: '- [ ] 1. One\n', agent: 'exit 3' });
    expect((await fail()).name).to.equal('AgentDied');
    const spending = spendingSchema.parse(JSON.parse((await store.readText(KEY)) ?? ''));
    expect(spending.runs).to.have.length(1);
    expect(spending.runs[0]).to.include({ task: '1', credits: null });
  });
});
