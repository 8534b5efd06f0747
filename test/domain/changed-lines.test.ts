import { expect } from 'chai';
import { type ChangedLines, coverChangedLines, showRanges } from '../../domain/changed-lines';
import { summary } from '../support/build-results';
import { fixture, read, report, totalsOf } from '../support/report-sources';

const changes = (files: ChangedLines['files']): ChangedLines => ({
  beyond: null,
  from: 'a',
  to: 'b',
  files,
  repositoryFiles: files.map(({ path }) => path),
});

const compare = async (files: ChangedLines['files'], text: string | Buffer, others: readonly string[] = []) => {
  const paths = files.map(({ path }) => path);
  const data = totalsOf(await read([report(text)], [...paths, ...others], paths));
  return coverChangedLines(changes(files), data);
};

describe('coverChangedLines', () => {
  it('counts only changed lines that are measured, in a report of a real tool', async () => {
    // Lines 5 and 11 are not measured; 12 and 16 are never executed.
    const found = await compare(
      [
        {
          path: 'src/price.js',
          ranges: [
            [4, 9],
            [11, 12],
            [16, 16],
            [900, 901],
          ],
        },
        { path: 'src/unused.js', ranges: [[2, 4]] },
        { path: 'README.md', ranges: [[1, 9]] },
      ],
      fixture('jest/lcov.info'),
    );
    expect(found).to.deep.equal({
      covered: 4,
      total: 10,
      uncovered: [
        {
          path: 'src/price.js',
          ranges: [
            [4, 4],
            [12, 12],
            [16, 16],
          ],
        },
        { path: 'src/unused.js', ranges: [[2, 4]] },
      ],
      unmeasured: [],
      unclear: [],
    });
  });

  it('names changed sources that the report does not mention, but no tests, and nothing that was only shortened', async () => {
    const found = await compare(
      [
        { path: 'src/new.js', ranges: [[1, 3]] },
        { path: 'src/shorter.js', ranges: [] },
        { path: 'test/price.test.js', ranges: [[1, 3]] },
        { path: 'src/price.spec.js', ranges: [[1, 3]] },
        { path: 'docs/x.md', ranges: [[1, 3]] },
      ],
      fixture('jest/lcov.info'),
    );
    expect(found).to.deep.include({ covered: 0, total: 0, unmeasured: ['src/new.js'], unclear: [] });
  });

  it('says of which files nobody can say it: only sums, or names that fit several files', async () => {
    const files: ChangedLines['files'] = [{ path: 'src/price.js', ranges: [[1, 3]] }];
    const sums = await compare(files, fixture('jest/coverage-summary.json'));
    expect(sums).to.deep.include({ total: 0, unclear: ['src/price.js'], unmeasured: [] });
    const twice = await compare(
      [{ path: 'a/src/index.js', ranges: [[1, 1]] }],
      'SF:src/index.js\nDA:1,0\nend_of_record\n',
      ['b/src/index.js'],
    );
    expect(twice).to.deep.include({ total: 0, unclear: ['a/src/index.js'] });
    const none = await compare(files, summary(1, 1));
    expect(none).to.deep.include({ unclear: [], unmeasured: [] });
  });

  it('does not count to a line that a hostile list of changes names', async () => {
    const found = await compare(
      [{ path: 'src/price.js', ranges: [[1, Number.MAX_SAFE_INTEGER]] }],
      fixture('jest/lcov.info'),
    );
    expect(found.total).to.equal(13);
  });
});

describe('showRanges', () => {
  it('shows lines as people write them', () => {
    expect(
      showRanges([
        [3, 3],
        [7, 9],
      ]),
    ).to.equal('3, 7-9');
  });
});
