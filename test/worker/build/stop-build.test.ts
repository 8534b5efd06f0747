import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { inWhoseName, type Scene, testUser } from '../../support/build-ground';

type Message = { line?: string; folder?: string; error?: string; result?: { commits: unknown[] }; keys?: string[] };

const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe(`a build ${inWhoseName}`, () => {
  let child: ChildProcess;
  let messages: Message[];
  let pids: number[];
  const folders: string[] = [];

  /** Starts a build whose agent prints `ready PID`, and waits until it does. */
  const startBuild = async (scene: Scene): Promise<void> => {
    messages = [];
    pids = [];
    child = fork(join(__dirname, '..', '..', 'support', 'build-process.js'));
    const ready = new Promise<void>((resolve, reject) => {
      child.on('message', (message: Message) => {
        messages.push(message);
        if (message.folder) folders.push(message.folder);
        const pid = /\| ready (\d+)/.exec(message.line ?? '')?.[1];
        if (pid) pids.push(Number(pid));
        if (pid || message.error) resolve();
      });
      child.on('error', reject);
      child.on('exit', () => resolve());
    });
    child.send(scene);
    await ready;
  };
  const ended = (): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once('exit', () => resolve());
    });
  const find = <Name extends keyof Message>(name: Name): Message[Name] =>
    messages.find((message) => message[name] !== undefined)?.[name];
  const stored = (): readonly string[] =>
    readdirSync(join(find('folder') ?? '', 'objects')).filter(
      // What the agent may have cost is written down before it begins, whatever becomes of the build.
      (name) => name.includes(encodeURIComponent('/build/')) && !name.includes('spending.json'),
    );

  afterEach(async () => {
    child.kill('SIGKILL');
    await ended();
    for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  const waits = 'setsid sh -c "echo ready \\$\\$; exec sleep 300" & echo ready $$; exec sleep 300';

  it('that is stopped ends all that it started and stores nothing', async () => {
    await startBuild({ agent: waits });
    child.kill('SIGTERM');
    await ended();
    expect(find('error')).to.equal('Interrupted');
    expect(pids).not.to.deep.equal([]);
    expect(pids.filter(isAlive)).to.deep.equal([]);
    expect(stored()).to.deep.equal([]);
  });

  it('that is stopped during install or tests ends them, too', async () => {
    for (const settings of [
      'install: {command: "echo ready $$; sleep 300"}\ntest: {command: "true"}\n',
      'install: {command: ""}\ntest: {command: "echo ready $$; sleep 300"}\n',
    ]) {
      await startBuild({ settings });
      child.kill('SIGTERM');
      await ended();
      expect(find('error')).to.equal('Interrupted');
      expect(pids.filter(isAlive)).to.deep.equal([]);
    }
  });

  it('that is killed leaves no half result', async () => {
    await startBuild({
      tasks: '- [ ] 1. A\n- [ ] 2. B\n',
      agent: `if [ $KIRO_WORKER_TASK_ID = 1 ]; then echo x > x; else ${waits}; fi`,
    });
    child.kill('SIGKILL');
    await ended();
    expect(stored()).to.deep.equal([]);
  });

  it(
    testUser
      ? 'cannot be killed by its agent'
      : 'that its agent kills, which nothing can prevent, leaves no half result',
    async () => {
      await startBuild({ agent: 'echo ready $$; echo x > x; kill -KILL $PPID; sleep 0.2; true' });
      await ended();
      if (testUser) expect(find('result')?.commits).to.have.length(1);
      else expect(stored()).to.deep.equal([]);
    },
  );
});
