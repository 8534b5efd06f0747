import { join } from 'node:path';
import { expect } from 'chai';
import { openGit } from '../../../adapters/git/git';
import { readTaskCommits } from '../../../worker/build/task-commits';
import { git } from '../../support/build-ground';
import { temporaryFolder } from '../../support/temporary-folder';

describe('readTaskCommits', () => {
  const folder = temporaryFolder();
  const commit = (subject: string, id?: string): string => {
    git(folder(), 'commit', '-q', '--allow-empty', '-m', id ? `${subject}\n\nKiro-Task: ${id}` : subject);
    return git(folder(), 'rev-parse', 'HEAD').trim();
  };
  const read = async (base: string, tasks: Record<string, string>) => {
    const deps = { git: openGit(join(folder(), '.git'), { searchPath: process.env.PATH ?? '' }) };
    const list = Object.entries(tasks).map(([id, title]) => ({ id, title }));
    return Object.fromEntries(await readTaskCommits({ base, resultHead: 'HEAD', tasks: list }, deps));
  };
  beforeEach(() => git(folder(), 'init', '-q', '-b', 'main'));

  it('gives the last commit of each task by its trailer, also where a title was mended since', async () => {
    const base = commit('base');
    commit('Task 1: Parse', '1');
    const second = commit('Task 2: Write teh file', '2');
    commit('Task 3: by a person');
    const again = commit('Task 1: Parse', '1');
    expect(await read(base, { 1: 'Parse', 2: 'Write the file', 3: 'by a person' })).to.deep.equal({
      1: again,
      2: second,
    });
  });

  it('goes by the title where a person has counted the tasks anew', async () => {
    const base = commit('base');
    const parse = commit('Task 1: Parse', '1');
    const write = commit(`Task 2: ${'Write '.repeat(20)}`.slice(0, 71).trimEnd().concat('…'), '2');
    const tasks = { 1: 'Ask', 2: 'Parse', 3: 'Write '.repeat(20) };
    expect(await read(base, tasks)).to.deep.equal({ 2: parse, 3: write });
    const ask = commit('Task 1: Ask', '1');
    expect(await read(base, tasks)).to.deep.equal({ 1: ask, 2: parse, 3: write });
  });

  it('keeps tasks of the same title apart by their numbers', async () => {
    const base = commit('base');
    const first = commit('Task 1.1: Tests', '1.1');
    expect(await read(base, { '1.1': 'Tests', '2.1': 'Tests' })).to.deep.equal({ '1.1': first });
  });
});
