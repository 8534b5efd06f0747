import { expect } from 'chai';
import type { Command } from '../../cli/command';
import { parseArguments } from '../../cli/parse-arguments';

const command = (changes: Partial<Command> = {}): Command => ({
  name: 'run',
  summary: 'Runs',
  usage: 'run --repo REPOSITORY',
  options: { repo: 'REPOSITORY where the work is', publish: 'open pull requests' },
  positionals: [],
  jsonTakesFile: true,
  run: async () => 0,
  ...changes,
});

describe('parseArguments', () => {
  it('reads values and switches', () => {
    const { options } = parseArguments(command(), ['--repo', 'a b', '--publish']);
    expect(options).to.deep.equal({ repo: 'a b', publish: true, ...{} });
  });

  it('takes --json alone as standard output, wherever it stands', () => {
    expect(parseArguments(command(), ['--json', '--repo', 'x']).json).to.equal('-');
    expect(parseArguments(command(), ['--repo', 'x', '--json']).json).to.equal('-');
    expect(parseArguments(command(), ['--repo', 'x']).json).to.equal(undefined);
  });

  it('takes the word after --json as a file only for commands that write reports', () => {
    expect(parseArguments(command(), ['--json', 'out.json', '--repo', 'x']).json).to.equal('out.json');
    expect(parseArguments(command(), ['--json=out.json']).json).to.equal('out.json');
    const show = command({ jsonTakesFile: false, positionals: ['ID'] });
    expect(parseArguments(show, ['--json', 'abc'])).to.deep.include({ json: '-', positionals: ['abc'] });
  });

  it('refuses an unknown option by name and says how the command is used', () => {
    expect(() => parseArguments(command(), ['--rpo', 'x']))
      .to.throw(/--rpo/)
      .with.property('name', 'ValidationError');
    try {
      parseArguments(command(), ['--rpo', 'x']);
    } catch (error) {
      expect((error as { remedy: string }).remedy).to.equal('Usage: kiro-worker run --repo REPOSITORY');
      expect((error as Error).message).to.equal("Unknown option '--rpo'.");
    }
  });

  it('refuses an option without its value', () => {
    expect(() => parseArguments(command(), ['--repo'])).to.throw(/--repo/);
  });

  it('refuses one word too many, and a missing one', () => {
    expect(() => parseArguments(command(), ['extra'])).to.throw('"extra" is one word too many');
    expect(() => parseArguments(command({ positionals: ['ID'] }), [])).to.throw('ID is missing');
    expect(parseArguments(command({ positionals: ['[ID]'] }), []).positionals).to.deep.equal([]);
  });
});
