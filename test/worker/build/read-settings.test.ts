import { expect } from 'chai';
import { parseSettings } from '../../../worker/build/read-settings';

const problem = (text: string): string => {
  try {
    parseSettings(text);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'accepted';
};

describe('parseSettings', () => {
  it('has a default for everything', () => {
    expect(parseSettings('')).to.deep.equal({
      version: 1,
      install: { timeoutMinutes: 15 },
      test: { timeoutMinutes: 15, retry: true },
      coverage: {
        reports: [
          'coverage/coverage-final.json',
          'coverage/coverage-summary.json',
          'coverage/lcov.info',
          'lcov.info',
          'coverage/cobertura-coverage.xml',
          'coverage/clover.xml',
          'coverage.xml',
          'target/site/jacoco/jacoco.xml',
          'build/reports/jacoco/test/jacocoTestReport.xml',
        ],
      },
      gate: { lines: 0, branches: 0, functions: 0, statements: 0, maxDrop: 1 },
      repair: { turns: 1 },
      agent: { timeoutMinutes: 30, stallMinutes: 10, requireMcp: false },
      commit: { name: 'Kiro CodeBuild Worker', email: 'kiro-codebuild-worker@noreply.invalid' },
    });
    expect(parseSettings('# only a comment\n')).to.deep.equal(parseSettings(''));
  });

  it('lets no word for the command line of the agent pass for an option, or for more than one word', () => {
    for (const word of ['-a', '--trust-tools=', 'a b', '', 'a\n', 'ü', '../x/../y z', 'x'.repeat(101)])
      for (const name of ['profile', 'model'])
        expect(problem(`agent: {${name}: ${JSON.stringify(word)}}\n`), word).to.match(/^SettingsInvalid: /);
    expect(parseSettings('agent: {profile: builder, model: claude-sonnet-4.6, requireMcp: true}\n').agent).to.include({
      profile: 'builder',
      model: 'claude-sonnet-4.6',
      requireMcp: true,
    });
  });

  it('names every field that it does not know, with its place', () => {
    const message = problem('tests: {}\ninstall:\n  comand: x\n  timeout: 3\n');
    expect(message).to.match(/^SettingsInvalid: kiro-worker.yml on the base branch cannot be used/);
    for (const field of ['tests', 'install.comand', 'install.timeout'])
      expect(message).to.contain(`${field} is not a setting`);
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['version: 2', /version: /],
    ['gate: {lines: 101}', /gate\.lines: .*100/],
    ['gate: {lines: -1}', /gate\.lines/],
    ['gate: {lines: "80"}', /gate\.lines/],
    ['gate: {maxDrop: .nan}', /gate\.maxDrop/],
    ['test: {command: "  "}', /test\.command: write the command/],
    ['test: {command: "a\\0b"}', /test\.command: .*NUL/],
    ['test: {timeoutMinutes: 0}', /test\.timeoutMinutes/],
    ['test: {timeoutMinutes: 481}', /test\.timeoutMinutes/],
    ['agent: {stallMinutes: .inf}', /agent\.stallMinutes/],
    ['coverage: {reports: []}', /coverage\.reports/],
    ['coverage: {reports: ["../x"]}', /coverage\.reports\.0: the path "..\/x" cannot be used/],
    ['coverage: {reports: ["/etc/passwd"]}', /absolute/],
    ['coverage: {reports: ["a/../*.info"]}', /coverage\.reports\.0/],
    ['coverage: {reports: [[]]}', /coverage\.reports\.0/],
    ['test: {reports: ["/tmp/*.xml"]}', /test\.reports\.0: .*absolute/],
    ['gate: {changedLines: 100.5}', /gate\.changedLines/],
    ['repair: {turns: 6}', /repair\.turns/],
    ['repair: {turns: 0.5}', /repair\.turns/],
    ['commit: {name: "a\\nb"}', /commit\.name/],
    ['commit: {email: "<a@b>"}', /commit\.email/],
    ['- a list', /cannot be used/],
    ['just words', /cannot be used/],
    ['test: {command: a}\ntest: {command: b}', /Map keys must be unique/],
    ['test: [unclosed', /YAML/],
    ['test: !!js/function "x"', /YAML/],
    ['? [a]\n: b', /YAML|cannot be used/],
    ['__proto__: {x: 1}', /cannot be used/],
  ];
  for (const [text, expected] of wrong)
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(problem(text))
        .to.match(/^SettingsInvalid/)
        .and.to.match(expected);
    });

  it('follows a few aliases and no bomb', () => {
    expect(parseSettings('test: &a {command: x, timeoutMinutes: 1}\ninstall: *a\n').install.command).to.equal('x');
    const levels = Array.from(
      { length: 9 },
      (_, at) =>
        `${'abcdefghij'[at + 1]}: &${'abcdefghij'[at + 1]} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(',')}]`,
    );
    expect(problem(`a: &a [x]\n${levels.join('\n')}\n`)).to.match(/^SettingsInvalid: .*alias/i);
  });
});
