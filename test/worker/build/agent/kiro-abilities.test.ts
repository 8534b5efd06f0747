import { expect } from 'chai';
import {
  type KiroChoices,
  type KiroEngine,
  kiroArguments,
  readKiroAbilities,
} from '../../../../worker/build/agent/kiro-abilities';

const NONE: KiroChoices = { requireMcp: false };

const option = (flag: string, text = ''): string => `      ${flag}\n          ${text}\n`;
const basis = option('--no-interactive') + option('--trust-all-tools') + option('--trust-tools <NAMES>');
const engines = (values: string) => option('--agent-engine <ENGINE>', `Engine [possible values: ${values}]`);
const streams = option('--output-format <FORMAT>', '[possible values: text, stream-json]');

const argumentsFor = (help: string, engine: KiroEngine = 'v2', choices = NONE): string =>
  kiroArguments(readKiroAbilities(engine, '9.9.9', help), choices).join(' ');
const problemOf = (help: string, engine: KiroEngine = 'v2', choices = NONE): string => {
  try {
    return argumentsFor(help, engine, choices);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
};

describe('the command line of kiro-cli', () => {
  it('names the engine in the way that the version knows', () => {
    expect(argumentsFor(basis)).to.equal('chat --no-interactive --trust-all-tools');
    expect(argumentsFor(basis + engines('v2, v1, kas'))).to.equal(
      'chat --no-interactive --agent-engine v2 --trust-all-tools',
    );
    expect(argumentsFor(basis + option('--v2') + option('--v3'))).to.equal(
      'chat --no-interactive --v2 --trust-all-tools',
    );
    expect(argumentsFor(basis + engines('v1, v2, v3') + streams, 'v3')).to.equal(
      'chat --no-interactive --agent-engine v3 --trust-all-tools --output-format stream-json',
    );
    expect(argumentsFor(basis + option('--v3') + streams, 'v3')).to.contain(' --v3 ');
  });

  it('asks for stream-json where that is an output format, and for nothing that the version does not know', () => {
    expect(argumentsFor(basis + streams)).to.contain('--output-format stream-json');
    expect(argumentsFor(`${basis + option('--format <F>', 'plain, json')}stream-json is planned\n`)).not.to.contain(
      'stream-json',
    );
    expect(argumentsFor(basis + option('--wrap <WRAP>'))).to.contain('--wrap never');
  });

  it('is made of a help in any form, and is the oldest one where there is no help', () => {
    const line =
      'Usage: kiro-cli chat [--no-interactive] [--trust-all-tools] [--agent-engine v1|v2|v3] [--output-format text|stream-json] [INPUT]';
    expect(argumentsFor(line)).to.equal(
      'chat --no-interactive --agent-engine v2 --trust-all-tools --output-format stream-json',
    );
    expect(argumentsFor(basis + option('--output-format <FORMAT>', 'Form of the events'))).to.contain('stream-json');
    expect(argumentsFor(basis + option('--output-format <FORMAT>', '[possible values: text, json]'))).not.to.contain(
      '--output-format',
    );
    const listed = (flag: string, ...values: readonly string[]): string =>
      `      ${flag} <VALUE>\n          What it is\n\n          Possible values:\n${values.map((value) => `          - ${value}: What it does\n`).join('')}\n          [default: ${values[0]}]\n\n`;
    expect(
      argumentsFor(
        basis + listed('--agent-engine', 'v1', 'v2', 'v3') + listed('--output-format', 'text', 'stream-json'),
      ),
    ).to.equal('chat --no-interactive --agent-engine v2 --trust-all-tools --output-format stream-json');
    expect(argumentsFor('')).to.equal('chat --no-interactive --trust-all-tools');
    expect(problemOf('', 'v3')).to.match(/has no engine v3/);
  });

  it('adds what the repository chooses', () => {
    const help = basis + option('--agent <AGENT>') + option('--model <M>') + option('--require-mcp-startup');
    expect(argumentsFor(help, 'v2', { profile: 'builder', model: 'auto', requireMcp: true })).to.match(
      /--agent builder --model auto --require-mcp-startup$/,
    );
    expect(problemOf(basis, 'v2', { ...NONE, model: 'auto' })).to.match(/^AgentUnsupported: .*does not know --model/);
  });

  it('is refused where it could not work unattended, or without proof', () => {
    expect(problemOf(option('--agent'))).to.match(/^AgentUnsupported: kiro-cli 9\.9\.9 does not know --no-interactive/);
    expect(problemOf(option('--no-interactive'))).to.match(/--trust-all-tools/);
    expect(problemOf(basis + engines('v1, v2'), 'v3')).to.match(/has no engine v3/);
    expect(problemOf(basis, 'v3')).to.match(/has no engine v3/);
    expect(problemOf(basis + engines('v1, v2, v3'), 'v3')).to.match(/not report in stream-json/);
    expect(problemOf(basis + engines('v1'))).to.match(/has no engine v2/);
  });
});
