import { expect } from 'chai';
import { findNamingTests, isTestFile } from '../../domain/naming-tests';

const found = (text: string) => findNamingTests('a.test.js', text).map(({ title, names }) => [title, names.join(' ')]);

describe('isTestFile', () => {
  it('knows tests by the customs of the frameworks, and features', () => {
    for (const path of ['test/cart.js', 'src/cart.spec.ts', 'cart_test.go', 'features/cart.feature'])
      expect(isTestFile(path), path).to.equal(true);
    for (const path of ['src/cart.ts', '.kiro/specs/cart/tasks.md', '.kiro/specs/cart/x.feature'])
      expect(isTestFile(path), path).to.equal(false);
  });
});

describe('findNamingTests', () => {
  it('takes names from titles and from the comment above, in the languages of the common frameworks', () => {
    expect(found("it('adds up (Requirement 1.2)', () => {})")).to.deep.equal([['adds up (Requirement 1.2)', '1.2']]);
    expect(
      found(
        '/**\n * **Validates: Requirements 7.3, 7.4**\n */\ndescribe("cart", () => {\n // Requirement 1.1\n test.each([1])(`n is shown`, f)\n})',
      ),
    ).to.deep.equal([
      ['cart', '7.3 7.4'],
      ['n is shown', '1.1'],
    ]);
    expect(found('# Validates: Requirements 2.1\ndef test_total(cart):\n  pass')).to.deep.equal([
      ['test_total', '2.1'],
    ]);
    expect(found('// Requirement 3\nfunc TestTotal(t *testing.T) {')).to.deep.equal([['TestTotal', '3']]);
    expect(found('// Requirement 3.1\n#[test]\nfn adds_up() {')).to.deep.equal([['adds_up', '3.1']]);
    expect(found('/** Validates: Requirement 4.1 */\n@DisplayName("shows it")\nvoid shows() {}')).to.deep.equal([
      ['shows it', '4.1'],
    ]);
    expect(found('# Requirement 5.1\nScenario: A full cart\n')).to.deep.equal([['A full cart', '5.1']]);
  });

  it('reads no list on into the code behind a title', () => {
    expect(found("it('Requirement 1.1 part 1', () => equal(require('../part1').part(), '1'));")).to.deep.equal([
      ['Requirement 1.1 part 1', '1.1'],
    ]);
    expect(found('test("Requirement 2.1 holds", async () => { expect(sum(3, 4)).toBe(7, 1); });')).to.deep.equal([
      ['Requirement 2.1 holds', '2.1'],
    ]);
    expect(found("// Requirement 1.1 the user's cart, Requirement 1.2\nit('a', f)")).to.deep.equal([['a', '1.1 1.2']]);
  });

  it('stands for the whole file where no test follows, and says nothing where nothing is named', () => {
    expect(found(`// Requirement 1.1\n${'x\n'.repeat(40)}it('late', f)`)).to.deep.equal([[null, '1.1']]);
    expect(found("it('adds 1.2 and 3.4', f)")).to.deep.equal([]);
  });

  it('stays fast on lines that are made to be slow', () => {
    for (const filler of ["it('", 'test ', 'Requirement 1 ', '\\', 'def test', '"'])
      findNamingTests('a.test.js', `// Requirement 1\n${`${filler.repeat(20_000)}\n`.repeat(20)}`);
  });
});
