import { expect } from 'chai';
import { read, report, totalsOf } from '../../support/report-sources';

const method = (num: number, count: number) =>
  `<line num="${num}" type="method" name="m${num}" visibility="public" complexity="1" crap="1" count="${count}"/>`;
const statement = (num: number, count: number) => `<line num="${num}" type="stmt" count="${count}"/>`;
const metrics = (statements: number, covered: number) =>
  `<metrics loc="40" methods="3" coveredmethods="1" conditionals="0" coveredconditionals="0" statements="${statements}" coveredstatements="${covered}"/>`;
const clover = (...files: readonly string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><coverage generated="1795912781"><project timestamp="1795912781">${files
    .map((parts, index) => `<file name="/srv/shop/src/${index}.php">${parts}</file>`)
    .join('')}</project></coverage>`;

const linesOf = async (text: string, file = 'src/0.php') => {
  const { totals, lines } = totalsOf(await read([report(text)], ['src/0.php', 'src/1.php']));
  const shown = Array.from({ length: 20 }, (_, at) => lines.get(file)?.isHit(at + 1));
  return {
    totals: totals.lines,
    covered: shown.flatMap((isHit, at) => (isHit === true ? [at + 1] : [])),
    missed: shown.flatMap((isHit, at) => (isHit === false ? [at + 1] : [])),
  };
};

describe('lines of methods in Clover', () => {
  // As php-code-coverage 9 to 14 writes it: a method takes the place of the statement that stands in its first line.
  const getters = method(3, 0) + method(5, 4) + method(7, 2) + statement(9, 2) + statement(10, 0) + method(12, 0);

  it('count where PHPUnit writes a method in place of its one line', async () => {
    expect(await linesOf(clover(getters + metrics(5, 2)))).to.deep.equal({
      totals: { covered: 2, total: 5 },
      covered: [5, 9],
      missed: [3, 10, 12],
    });
  });

  it('count the same where the sums stand first, as in its OpenClover, and file by file', async () => {
    const functions = statement(1, 1) + statement(2, 1) + metrics(2, 2);
    const text = clover(metrics(5, 2) + getters, functions);
    expect(await linesOf(text)).to.deep.include({ totals: { covered: 4, total: 7 }, missed: [3, 10, 12] });
    expect(await linesOf(text, 'src/1.php')).to.deep.include({ covered: [1, 2], missed: [] });
    expect((await linesOf(clover(functions, metrics(5, 2) + getters), 'src/1.php')).missed).to.deep.equal([3, 10, 12]);
  });

  it('do not count where the tool writes each statement, also that of a method in one line', async () => {
    const open = method(3, 1) + statement(3, 1) + method(5, 0) + method(7, 2) + statement(8, 2);
    expect(await linesOf(clover(metrics(2, 2) + open))).to.deep.equal({
      totals: { covered: 2, total: 2 },
      covered: [3, 8],
      missed: [],
    });
  });

  it('do not count when nobody says how often they were called', async () => {
    const uncounted = method(3, 1).replace(' count="1"', '');
    expect(await linesOf(clover(uncounted + statement(4, 1) + metrics(2, 1)))).to.deep.include({
      totals: { covered: 1, total: 1 },
    });
  });
});
