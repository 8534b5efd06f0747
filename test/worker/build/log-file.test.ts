import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { createRedactor } from '../../../domain/redaction';
import { createBuildLogs, logsOf, withEvidence } from '../../../worker/build/build-logs';
import { asDiskFull, diskFullIn } from '../../../worker/build/disk-full';
import { hidePrivateKeys } from '../../../worker/build/hide-private-keys';
import {
  createLogFile,
  LOG_HEAD_CHARACTERS,
  LOG_TAIL_CHARACTERS,
  TAIL_CHARACTERS,
} from '../../../worker/build/log-file';

const SECRET = 'correct-horse-battery';
const redact = createRedactor([SECRET]);

describe('a log file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'log file-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const logOf = (chunks: readonly (string | Buffer)[]) => {
    const path = join(folder, 'x.log');
    const lines: string[] = [];
    const log = createLogFile(path, { redact, onLines: (more) => lines.push(...more) });
    for (const chunk of chunks) log.write(Buffer.from(chunk), 'stdout');
    const tail = log.end();
    return { text: readFileSync(path, 'utf8'), lines, tail, mode: statSync(path).mode & 0o777 };
  };

  it('holds lines whatever ends them and however they are cut into chunks', () => {
    const { text, lines, tail, mode } = logOf([
      'a\r',
      '\nb\rc',
      '\n\n',
      'ü'.slice(0, 1),
      Buffer.from([0xe2, 0x82]),
      Buffer.from([0xac]),
      ' end',
    ]);
    expect(lines).to.deep.equal(['a', 'b', 'c', '', 'ü€ end']);
    expect(text).to.equal('a\nb\nc\n\nü€ end\n');
    expect(tail).to.equal('a\nb\nc\n\nü€ end');
    expect(mode).to.equal(0o600);
  });

  it('holds no terminal sequence or control character', () => {
    const { text } = logOf(['\u001b[31mred\u001b[0m\u0007 \u001b]0;title\u0007bell\u0000\u2028x\ttab\n']);
    expect(text).to.equal('red bellx\ttab\n');
  });

  it('never shows a secret, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 80 }), { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (cuts, end) => {
          const whole = `before ${SECRET} middle ${SECRET}${end}next ${SECRET}`;
          const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
          const { text, lines, tail } = logOf(places.slice(1).map((to, at) => whole.slice(places[at], to)));
          for (const shown of [text, lines.join('\n'), tail]) expect(shown).not.to.contain('horse');
        },
      ),
    );
  });

  it('keeps the beginning and the end of more than it can hold', () => {
    const line = `${'x'.repeat(99)}\n`;
    const chunks = Array.from({ length: 600 }, (_, at) => `${at}\n${line.repeat(200)}`);
    const { text, tail } = logOf([...chunks, 'the last line\n']);
    expect(text.length).to.be.lessThan(LOG_HEAD_CHARACTERS + LOG_TAIL_CHARACTERS + 100_000);
    expect(text.startsWith('0\nxxx')).to.equal(true);
    expect(text.endsWith('the last line\n')).to.equal(true);
    const dropped = Number(/… (\d+) lines are left out here …/.exec(text)?.[1]);
    expect(dropped + text.split('\n').length - 2).to.equal(600 * 201 + 1);
    expect(tail.length).to.be.at.most(TAIL_CHARACTERS);
    expect(tail.endsWith('the last line')).to.equal(true);
  });

  it('cuts a line without end, and goes on after it', () => {
    const { lines } = logOf([
      'y'.repeat(10_000),
      'y'.repeat(10_000),
      'y'.repeat(50_000),
      '\nshort\n',
      'z'.repeat(70_000),
      '\n',
      'w'.repeat(20_000),
    ]);
    expect(lines.map((line) => line.length)).to.deep.equal([15_373, 5, 15_373, 15_373]);
    expect(lines[0]?.endsWith('y … (line cut)')).to.equal(true);
  });

  it('says at its end that it could not be written', () => {
    if (!existsSync('/dev/full')) throw new Error('this test needs /dev/full');
    const log = createLogFile('/dev/full', { redact, onLines: () => undefined });
    log.write(Buffer.from('a\nb\n'), 'stderr');
    expect(() => log.end())
      .to.throw()
      .with.property('code', 'ENOSPC');
  });
});

describe('the logs of a build', () => {
  it('show the first lines of each program, and are stored each under its name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'logs-'));
    const lines: string[] = [];
    const stored: string[] = [];
    const logs = createBuildLogs({
      log: (line) => lines.push(line),
      redact,
      store: { upload: async (key) => stored.push(key) },
      folder,
      keyOf: (name) => `logs/${name}`,
    });
    const log = logs.open('install.log', 'install');
    log.write(Buffer.from('line\n'.repeat(299)), 'stdout');
    log.write(Buffer.from('line\n'.repeat(50)), 'stdout');
    log.write(Buffer.from('line\n'.repeat(50)), 'stdout');
    log.end();
    expect(lines).to.have.length(301);
    expect(lines.at(-1)).to.equal('install … the rest is in install.log');
    expect(await logs.store()).to.deep.equal([{ name: 'install.log', key: 'logs/install.log' }]);
    expect(stored).to.deep.equal(['logs/install.log']);
    rmSync(folder, { recursive: true, force: true });
  });

  it('travel with the error that ended the build', () => {
    const logs = [{ name: 'a', key: 'k' }];
    const error = new Error('x');
    const agent = { kind: 'command' as const, version: null, engine: null, output: null, credits: null, runs: [] };
    expect(withEvidence(error, { logs, agent })).to.equal(error);
    expect(error).to.have.property('agent', agent);
    expect(logsOf(error)).to.deep.equal(logs);
    expect(logsOf(new Error('y'))).to.deep.equal([]);
    expect(withEvidence('not an error', { logs, agent })).to.equal('not an error');
  });
});

describe('hidePrivateKeys', () => {
  it('hides a key over several pieces, and only the key', () => {
    const hide = hidePrivateKeys();
    expect(hide('a\n-----BEGIN PRIVATE KEY-----\nbody')).to.equal('a\n[redacted]\n[redacted]');
    expect(hide('more body')).to.equal('[redacted]');
    expect(hide('-----END PRIVATE KEY-----\nafter')).to.equal('[redacted]\nafter');
    expect(hide('plain')).to.equal('plain');
  });

  it('does not hide a whole log because of one line', () => {
    const hide = hidePrivateKeys();
    const text = hide(`-----BEGIN EC PRIVATE KEY-----\n${'line\n'.repeat(400)}`);
    expect(text.split('\n').filter((line) => line === 'line')).to.have.length(100);
  });
});

describe('a full disk', () => {
  it('is told from other failures', () => {
    expect(diskFullIn('npm ERR! ENOSPC: no space', 'npm')?.name).to.equal('DiskFull');
    expect(diskFullIn('all good', 'npm')).to.equal(null);
    expect(asDiskFull(Object.assign(new Error('x'), { code: 'ENOSPC' }))).to.have.property('name', 'DiskFull');
    const other = new Error('y');
    expect(asDiskFull(other)).to.equal(other);
    expect(asDiskFull(null)).to.equal(null);
  });
});
