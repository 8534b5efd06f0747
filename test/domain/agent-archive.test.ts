import { expect } from 'chai';
import { agentArchiveKey, agentProgramIn, processorOf } from '../../domain/agent-archive';
import { sumCredits } from '../../domain/agent-report';

const elf = (machine: number): Uint8Array => {
  const head = new Uint8Array(20);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head.set([machine & 0xff, machine >> 8], 18);
  return head;
};

describe('an agent’s archive', () => {
  it('lies under its digest', () => {
    expect(agentArchiveKey('ab')).to.equal('agents/ab.zip');
  });

  it('holds kiro-cli where the vendor puts it, at its top, or not at all', () => {
    expect(agentProgramIn(['kirocli/install.sh', 'kirocli/bin/kiro-cli-chat', 'kirocli/bin/kiro-cli'])).to.equal(
      'kirocli/bin/kiro-cli',
    );
    expect(agentProgramIn(['deep/er/kiro-cli', 'kiro-cli'])).to.equal('kiro-cli');
    expect(agentProgramIn(['b/kiro-cli', 'a/kiro-cli'])).to.equal('a/kiro-cli');
    expect(agentProgramIn(['bin/kiro-cli-chat', 'kiro-cli/README.md', 'xkiro-cli'])).to.equal(null);
  });

  it('says for which processor its program is', () => {
    expect([processorOf(elf(183)), processorOf(elf(62)), processorOf(elf(243))]).to.deep.equal([
      'aarch64',
      'x86_64',
      'machine 243',
    ]);
    expect([
      processorOf(new Uint8Array(20)),
      processorOf(elf(62).subarray(0, 10)),
      processorOf(new Uint8Array()),
    ]).to.deep.equal([null, null, null]);
  });
});

describe('sumCredits', () => {
  it('adds what is known, without the noise of binary fractions', () => {
    expect(sumCredits([{ credits: 0.1 }, { credits: null }, { credits: 0.2 }])).to.equal(0.3);
    expect(sumCredits([{ credits: 0 }])).to.equal(0);
    expect(sumCredits([{ credits: null }])).to.equal(null);
    expect(sumCredits([])).to.equal(null);
  });
});
