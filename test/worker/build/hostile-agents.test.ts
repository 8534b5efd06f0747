import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type BuildGround, inWhoseName, prepareBuild, type Scene, SPEC, testUser } from '../../support/build-ground';

const quick = 'install: {command: ""}\ntest: {command: "sh test.sh"}\nagent: {timeoutMinutes: 0.03, stallMinutes: 5}\n';

/** Whether a process that was told to hold `file` open by its name is still alive. */
const isAlive = (pid: string): boolean => {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe(`an agent ${inWhoseName}`, () => {
  let ground: BuildGround | null = null;
  const prepare = async (scene: Scene): Promise<BuildGround> => {
    ground = await prepareBuild(scene);
    return ground;
  };
  afterEach(() => ground?.remove());

  const refused = [
    { does: 'does nothing', agent: 'echo "I am done."', code: 'AgentDidNothing', says: 'changed nothing' },
    { does: 'does not exist', agent: 'no-such-agent --now', code: 'AgentNotFound', says: 'was not found' },
    { does: 'may not be executed', agent: './README.md', code: 'AgentNotFound', says: 'may not be executed' },
    { does: 'is ended by a signal', agent: 'kill -KILL $$', code: 'AgentDied', says: 'was ended by' },
    {
      does: 'loses its program to a signal',
      agent: "sh -c 'kill -KILL $$'; exit $?",
      code: 'AgentDied',
      says: 'signal 9',
    },
    {
      does: 'hangs',
      agent: 'echo thinking; while :; do sleep 0.2; echo .; done',
      code: 'AgentTimedOut',
      says: 'thinking',
    },
    {
      does: 'falls silent',
      agent: 'echo thinking; sleep 100',
      settings: quick.replace('0.03, stallMinutes: 5', '5, stallMinutes: 0.02'),
      code: 'AgentStalled',
      says: 'thinking',
    },
    {
      does: 'ignores the polite signal',
      agent: 'trap "" TERM; echo no; while :; do sleep 1; done',
      code: 'AgentTimedOut',
      says: 'no',
    },
    {
      does: 'only ticks',
      agent: `sed -i 's/\\[ \\]/[x]/' ${SPEC}/tasks.md`,
      code: 'AgentDidNothing',
      says: 'the worker ticks',
    },
    {
      does: 'only ignores',
      agent: 'mkdir -p node_modules/x && echo 1 > node_modules/x/y',
      code: 'AgentDidNothing',
      says: 'nothing',
    },
    { does: 'only deletes .git', agent: 'rm -rf .git', code: 'AgentDidNothing', says: 'nothing' },
    { does: 'fills the disk', agent: 'echo x > a; cat /dev/zero > /dev/full', code: 'DiskFull', says: 'full' },
  ];
  for (const { does, agent, code, says, settings = quick } of refused)
    it(`that ${does} ends as ${code}`, async () => {
      const { fail } = await prepare({ agent, settings });
      const error = await fail();
      expect(error.name).to.equal(code);
      expect(error.message).to.contain(says);
      expect(error.remedy).not.to.equal('');
    });

  it('that leaves a file which nobody would push ends as ChangeTooLarge, and what was done before is kept', async () => {
    const { run, changed, show } = await prepare({
      tasks: '- [ ] 1. A\n- [ ] 2. B\n- [ ] 3. C\n',
      agent: 'echo 1 > file.$KIRO_WORKER_TASK_ID; [ $KIRO_WORKER_TASK_ID = 1 ] || head -c 10485761 /dev/zero > big.bin',
    });
    const result = await run();
    expect(result.fault).to.deep.include({
      code: 'ChangeTooLarge',
      task: '2',
      message: 'The result holds files of more than 10 MiB: big.bin.',
    });
    expect(result.tasks.map(({ state }) => state)).to.deep.equal(['done', 'failed', 'open']);
    expect(changed(result.resultHead)).to.deep.equal([`${SPEC}/tasks.md`, 'file.1']);
    expect(show('big.bin', result)).to.equal(null);
  });

  it('that changes more files than anybody reviews, all tasks together, ends as ChangeTooLarge', async () => {
    const { run } = await prepare({
      tasks: '- [ ] 1. A\n- [ ] 2. B\n',
      agent: 'mkdir many.$KIRO_WORKER_TASK_ID && cd many.$KIRO_WORKER_TASK_ID && seq 2500 | xargs touch',
    });
    const result = await run();
    expect(result.fault).to.deep.include({ code: 'ChangeTooLarge', task: '2' });
    expect(result.fault?.message).to.contain('changes 5001 files; at most 5000');
    expect(result.commits).to.have.length(1);
  });

  it('that leaves very many links ends as ChangeTooLarge, at once', async () => {
    const { fail } = await prepare({
      agent:
        "mkdir l && cd l && node -e \"for (let i = 0; i < 20000; i += 1) require('fs').symlinkSync('to-' + i, 'l' + i)\"",
    });
    expect((await fail()).message).to.contain('leaves 20000 symbolic links');
  });

  it('cannot change or take away what its work is measured by', async () => {
    const { run, show, checkout, source } = await prepare({
      tasks: '- [ ] 1. A\n',
      agent: `echo work > work.txt; rm ${SPEC}/requirements.md; echo "It shall do nothing." > ${SPEC}/bugfix.md`,
    });
    const result = await run();
    expect(show('work.txt', result)).to.equal('work\n');
    expect(show(`${SPEC}/requirements.md`, result)).to.equal(
      execFileSync('git', ['show', `${checkout.head}:${SPEC}/requirements.md`], { cwd: source, encoding: 'utf8' }),
    );
    expect(show(`${SPEC}/bugfix.md`, result)).to.equal(null);
  });

  it('cannot touch history by what it does to .git', async () => {
    const { run, source, checkout, changed, folder } = await prepare({
      tasks: '- [ ] 1. A\n- [ ] 2. B\n',
      agent: [
        'touch file.$KIRO_WORKER_TASK_ID',
        'git config core.fsmonitor "touch $PWD/../../outside/pwned-monitor #"; git config filter.x.clean "touch $PWD/../../outside/pwned-filter; cat"',
        'mkdir -p .git/hooks; for h in pre-commit post-commit post-checkout reference-transaction post-index-change; do printf "#!/bin/sh\\ntouch $PWD/../../outside/pwned-hook\\n" > .git/hooks/$h; chmod 755 .git/hooks/$h; done',
        'mkdir -p .git/info; echo "* filter=x" > .git/info/attributes; echo "*" > .git/info/exclude',
        'git commit --allow-empty -qm lie; git update-ref refs/heads/base HEAD; chmod 000 .git/refs',
        '[ $KIRO_WORKER_TASK_ID = 1 ] || { chmod 700 .git/refs; rm -rf .git; ln -s /etc .git; }',
        'rm -f ../../outside/pwned-*',
      ].join('\n'),
    });
    const result = await run();
    const [first = '', second = ''] = result.commits.map(({ sha }) => sha);
    expect(changed(first)).to.deep.equal([`${SPEC}/tasks.md`, 'file.1']);
    expect(changed(second)).to.deep.equal([`${SPEC}/tasks.md`, 'file.2']);
    expect(
      execFileSync('git', ['rev-list', `${checkout.head}..${second}`], { cwd: source, encoding: 'utf8' })
        .trim()
        .split('\n'),
    ).to.have.length(2);
    expect(readdirSync(join(folder, 'outside')).filter((name) => name.startsWith('pwned'))).to.deep.equal([]);
  });

  it('changes protected files in vain, and it is said', async () => {
    const { run, show, lines } = await prepare({
      base: { '.npmrc': 'fund=false\n', '.github/workflows/ci.yml': 'base\n', '.kiro/steering/tech.md': 'base\n' },
      feature: { '.kiro/hooks/evil.kiro.hook': 'feature\n', '.kiro/steering/tech.md': 'feature\n' },
      tasks: '- [ ] 1. A\n- [ ] 2. B\n',
      agent: [
        'cat .kiro/steering/tech.md .npmrc .github/workflows/ci.yml > seen.$KIRO_WORKER_TASK_ID; find . -path ./.git -prune -o -type f -print | sort >> seen.$KIRO_WORKER_TASK_ID',
        'echo evil > .npmrc; rm -r .github; mkdir -p .kiro/agents .kiro/settings sub; echo {} > .kiro/agents/a.json; echo {} > .kiro/settings/mcp.json',
        'echo "* filter=x" > .gitattributes; echo x > sub/.npmrc; echo "* @me" > CODEOWNERS; echo evil > .kiro/steering/tech.md; echo evil > kiro-worker.yml',
        'echo ".npmrc\n.kiro" > .gitignore; echo x > .KIRO; mkdir -p .GitHub; echo x > .GitHub/x',
      ].join('\n'),
    });
    const result = await run();
    for (const name of ['seen.1', 'seen.2']) {
      const seen = show(name, result) ?? '';
      expect(seen).to.match(/^base\nfund=false\nbase\n/);
      for (const gone of ['hooks/', 'agents/', 'settings/', 'CODEOWNERS', '.gitattributes', '.GitHub', '.KIRO/'])
        expect(seen).not.to.contain(gone);
    }
    expect(result.protectedPathsChanged).to.include.members([
      '.npmrc',
      '.github/workflows/ci.yml',
      '.kiro/agents/a.json',
      '.gitattributes',
      'CODEOWNERS',
      '.kiro/steering/tech.md',
      'kiro-worker.yml',
      '.GitHub/x',
    ]);
    expect(show('.npmrc', result)).to.equal('fund=false\n');
    expect(show('.kiro/steering/tech.md', result), 'the branch keeps what people committed').to.equal('feature\n');
    expect(show('.kiro/hooks/evil.kiro.hook', result)).to.equal('feature\n');
    expect(show('.github/workflows/ci.yml', result)).to.equal('base\n');
    expect(show('CODEOWNERS', result)).to.equal(null);
    expect(lines.join('\n')).to.contain('dropped .npmrc: it is protected');
  });

  it('that changes only protected files has done nothing', async () => {
    const { fail } = await prepare({ agent: 'mkdir .github; echo x > .github/x' });
    const error = await fail();
    expect(error.name).to.equal('AgentDidNothing');
    expect(error.message).to.contain('.github/x (it is protected)');
  });

  it('cannot tick, rewrite or replace tasks.md', async () => {
    for (const attack of [
      `sed -i 's/\\[ \\]/[x]/' ${SPEC}/tasks.md`,
      `echo "- [x] 1. Nothing" > ${SPEC}/tasks.md`,
      `rm -r ${SPEC}; ln -s /etc ${SPEC}`,
      `rm -r .kiro; echo x > .kiro`,
      `chmod 000 ${SPEC}/tasks.md ${SPEC}; git rm -q --cached ${SPEC}/tasks.md`,
    ]) {
      const { run, show } = await prepare({
        tasks: '- [ ] 1. A\n- [ ] 2. B\n',
        agent: `echo x > a.$KIRO_WORKER_TASK_ID; ${attack}`,
      });
      const result = await run();
      expect(
        result.commits.map(({ task }) => task),
        attack,
      ).to.deep.equal(['1', '2']);
      expect(show(`${SPEC}/tasks.md`, result), attack).to.equal('- [x] 1. A\n- [x] 2. B\n');
      ground?.remove();
    }
  });

  it('leaves pipes, sockets, nested repositories and closed folders behind without stopping the build', async () => {
    const { run, changed, lines } = await prepare({
      feature: { 'src/a.js': 'a\n', 'tracked.txt': 't\n', 'closed/in.txt': 'in\n' },
      tasks: '- [ ] 1. A\n- [ ] 2. B\n',
      agent: [
        'mkfifo pipe.$KIRO_WORKER_TASK_ID; rm -f tracked.txt; mkfifo tracked.txt',
        "node -e \"require('net').createServer().listen('s.sock', () => process.kill(process.pid, 'SIGKILL'))\"",
        'git init -q nested; echo x > nested/file.$KIRO_WORKER_TASK_ID; mkdir -p src; git init -q src 2>/dev/null; echo "gitdir: /etc" > closed/.git',
        'echo new >> src/a.js; echo $KIRO_WORKER_TASK_ID > "git~1"; echo x > con; echo x > "aux.txt"',
        '[ $KIRO_WORKER_TASK_ID = 1 ] || MORE="1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"; mkdir -p deep; cd deep; for i in 1 2 3 4 5 6 7 8 9 10 $KIRO_WORKER_TASK_ID $MORE; do d=$(printf "%0200d" 0); mkdir $d; cd $d; done; echo x > bottom.$KIRO_WORKER_TASK_ID; cd "$OLDPWD" || true',
        'cd "$(dirname "$KIRO_WORKER_PROMPT_FILE")/../tree"; mkdir -p shut; echo x > shut/file.$KIRO_WORKER_TASK_ID; chmod 000 shut/file.$KIRO_WORKER_TASK_ID src/a.js closed/in.txt; chmod 000 shut closed .',
        'exit 0',
      ].join('\n'),
    });
    const result = await run();
    expect(result.fault).to.equal(null);
    expect(result.commits).to.have.length(2);
    const files = changed(result.commits[0]?.sha ?? '');
    expect(files).to.include.members(['nested/file.1', 'src/a.js', 'con', 'aux.txt', 'shut/file.1', 'tracked.txt']);
    expect(files.some((path) => path.endsWith('bottom.1'))).to.equal(true);
    expect(files.filter((path) => /pipe|sock|\.git|git~1/.test(path))).to.deep.equal([]);
    expect(lines.join('\n')).to.contain('removed "pipe.1": neither a file nor a folder'.slice(0, 8));
  });

  it('cannot commit links out of the repository, submodules, or names that harm a checkout', async () => {
    const { run, changed, lines } = await prepare({
      agent: [
        'ln -s /etc/passwd passwd; ln -s ../../outside up; mkdir -p a/b; ln -s ../../x a/b/fine; ln -s ../../../x a/b/out; ln -s a/../../x zig',
        'ln -s .git/config config; ln -s a/b/fine ok; echo x > "back\\\\slash"; printf x > "$(printf "bad\\377utf")"',
        'git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),module; mkdir module',
      ].join('\n'),
    });
    const result = await run();
    expect(changed(result.resultHead)).to.have.members([`${SPEC}/tasks.md`, 'a/b/fine', 'ok', 'back\\slash']);
    expect(lines.filter((line) => line.includes('dropped')).length).to.be.greaterThan(4);
  });

  it('may flood the output and write 4,000 files', async () => {
    const { run, changed, logText, lines } = await prepare({
      agent:
        'head -c 60000000 /dev/zero | tr "\\0" x; echo; yes "a line of noise that repeats itself" | head -c 100000000; head -c 40000000 /dev/urandom; ' +
        'echo; mkdir many; i=0; while [ $i -lt 4000 ]; do echo $i > many/$i; i=$((i+1)); done; echo the last line',
    });
    const result = await run();
    expect(changed(result.resultHead)).to.have.length(4_001);
    const log = logText('agent-1.log');
    expect(log.length).to.be.lessThan(6 * 1024 * 1024);
    expect(log.trimEnd().split('\n').at(-1)).to.equal('the last line');
    expect(log).to.match(/… \d+ lines are left out here …/);
    expect(lines.length).to.be.lessThan(400);
  }).timeout(120_000);

  it('leaves no process behind, whatever it does to get away', async () => {
    const { run, show, lines } = await prepare({
      agent: [
        "node -e \"const c = require('child_process').spawn('sleep', ['300'], {detached: true, stdio: 'ignore'}); c.unref(); console.log(c.pid)\" >> pids",
        "setsid sh -c 'echo $$ >> pids; exec sleep 300' > /dev/null 2>&1 < /dev/null &",
        '(setsid sh -c \'(trap "" TERM HUP; sh -c "echo \\$PPID" >> pids; while :; do sleep 1; done) &\') < /dev/null > /dev/null 2>&1',
        'while [ $(wc -l < pids) -lt 3 ]; do sleep 0.05; done',
      ].join('\n'),
    });
    const result = await run();
    const pids = (show('pids', result) ?? '').trim().split('\n');
    expect(pids).to.have.length(3);
    expect(pids.filter(isAlive)).to.deep.equal([]);
    expect(lines.some((line) => /agent 1: ended \d+ processes/.test(line))).to.equal(true);
  });

  it('that forks without end is ended, and nothing of it is left', async () => {
    const { fail, folder } = await prepare({
      settings: quick,
      agent:
        'cat > "../../outside/bomb.sh" <<"E"\n[ $(ls "../../outside/pids" | wc -l) -gt 150 ] && exec sleep 100\n: > "../../outside/pids/$$"\nsetsid sh "../../outside/bomb.sh" > /dev/null 2>&1 &\nsetsid sh "../../outside/bomb.sh" > /dev/null 2>&1 &\nwait\nE\n' +
        'mkdir "../../outside/pids"; sh "../../outside/bomb.sh"; sleep 100',
    });
    expect((await fail()).name).to.equal('AgentTimedOut');
    const pids = readdirSync(join(folder, 'outside', 'pids'));
    expect(pids.length).to.be.greaterThan(50);
    expect(pids.filter(isAlive)).to.deep.equal([]);
  }).timeout(60_000);

  it('leaves nothing behind that could make the last test run pass', async () => {
    const places = ['ignored/planted', '~/.planted', '"$TMPDIR/planted"', 'node_modules/.bin/planted', '../planted'];
    const { run, show } = await prepare({
      settings: 'install: {command: "mkdir -p ignored && touch ignored/installed"}\ntest: {command: "sh test.sh"}\n',
      base: {
        '.gitignore': 'ignored\nnode_modules\n',
        'test.sh': `test -e ignored/installed || exit 2\nfor f in ${places.join(' ')}; do test ! -e "$f" || { echo "found $f"; exit 0; }; done; echo clean; exit 1\n`,
      },
      agent: `echo x > work.txt; mkdir -p node_modules/.bin; for f in ${places.join(' ')}; do touch "$f"; done; sh test.sh; true`,
    });
    const result = await run();
    expect(result.tests.after).to.deep.include({ ending: 'failed', exitCode: 1, outputTail: 'clean' });
    expect(show('work.txt', result)).to.equal('x\n');
    expect(ground?.lines.some((line) => line.includes('found ignored/planted'))).to.equal(true); // it was there for the agent
  });

  it('sees none of the supervisor', async () => {
    Object.assign(process.env, { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/secret' });
    const { run, show } = await prepare({
      agent:
        'env | sort > environment; cat /proc/$PPID/environ > parent 2>/dev/null || echo "not mine" > parent; id -u > uid; ' +
        'grep -h NoNewPrivs /proc/self/status > privileges; ls "$HOME/../private" > private 2>&1; touch "$HOME/../x" > root 2>&1; { echo x > "$HOME/../repository.git/x"; } 2> repository; true',
    });
    const result = await run();
    delete process.env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
    const names = (show('environment', result) ?? '')
      .split('\n')
      .map((line) => line.split('=')[0] ?? '')
      .filter(Boolean);
    expect(names.filter((name) => /^(AWS|CODEBUILD|GITHUB)/.test(name))).to.deep.equal([]);
    expect(names).to.include.members(['PATH', 'HOME', 'TMPDIR', 'CI', 'KIRO_WORKER_TASK_ID']);
    expect(show('environment', result)).not.to.contain(`HOME=${process.env.HOME}\n`);
    expect(show('privileges', result)).to.match(/NoNewPrivs:\s*1/);
    if (testUser === null) return;
    expect(show('uid', result)).not.to.equal('0\n');
    expect(show('parent', result)).to.equal('not mine\n');
    for (const name of ['private', 'root', 'repository'])
      expect(show(name, result), name).to.match(/Permission denied|cannot/i);
  });
});
