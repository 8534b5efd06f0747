import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openChildLedger } from '../../local/child-ledger';
import { temporaryFolder } from '../support/temporary-folder';

describe('openChildLedger', () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), 'children.json');
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  const startChild = (mark: string): ChildProcess & { readonly pid: number } => {
    const [name = '', value = ''] = mark.split('=');
    const env = { PATH: process.env.PATH, [name]: value };
    const child = spawn('sleep', ['1000'], { env, stdio: 'ignore', detached: true });
    started.push(child);
    return child as ChildProcess & { readonly pid: number };
  };
  const newMark = () => `LEDGER_TEST=${randomUUID()}`;
  const ended = (child: ChildProcess) => (child.signalCode ? Promise.resolve() : once(child, 'exit'));

  it('ends a child that an earlier process has left, and forgets it', async () => {
    const mark = newMark();
    const child = startChild(mark);
    openChildLedger(file()).add(child.pid, mark);
    expect(openChildLedger(file()).endLeftovers()).to.deep.equal([child.pid]);
    await ended(child);
    expect(child.signalCode).to.equal('SIGKILL');
    expect(openChildLedger(file()).endLeftovers()).to.deep.equal([]);
  });

  it('leaves a process alone that only has the same pid', async () => {
    const mark = newMark();
    const child = startChild(newMark());
    openChildLedger(file()).add(child.pid, mark);
    const [entry] = JSON.parse(readFileSync(file(), 'utf8'));
    writeFileSync(file(), JSON.stringify([{ ...entry, identity: '1 another-boot' }]));
    expect(openChildLedger(file()).endLeftovers()).to.deep.equal([]);
    expect(child.signalCode).to.equal(null);
  });

  it('finds by its mark what outlived the recorded process, where the system tells environments', async () => {
    const mark = newMark();
    const [gone, left] = [startChild(mark), startChild(mark)];
    openChildLedger(file()).add(gone.pid, mark);
    gone.kill('SIGKILL');
    await ended(gone);
    const found = openChildLedger(file()).endLeftovers();
    expect(found).to.deep.equal(process.platform === 'linux' ? [left.pid] : []);
    if (found.length > 0) await ended(left);
  });

  it('knows nothing of a child that has been removed', () => {
    const mark = newMark();
    const child = startChild(mark);
    const ledger = openChildLedger(file());
    ledger.add(child.pid, mark);
    ledger.remove(child.pid);
    expect(openChildLedger(file()).endLeftovers()).to.deep.equal([]);
  });
});
