import { findRequirement } from '../../domain/spec-requirements';
import type { SpecTask } from '../../domain/spec-tasks';
import type { Spec } from './read-spec';

const RULES = (
  specPath: string,
  testCommand: string,
) => `You work in the root folder of a repository. Do exactly one task of the spec in \`${specPath}\`, completely, with its tests. Nobody is there to answer questions: decide, and go on.

- Change files in this folder only. The worker commits them when you end; do not commit, push or change branches.
- Leave \`tasks.md\` alone: the worker ticks the tasks. Leave \`requirements.md\` and \`bugfix.md\` alone: they say what is to be reached. Do nothing that belongs to another task.
- Leave CI, agent, package manager and ownership settings alone (.github, .kiro/agents, .kiro/hooks, .kiro/settings, .kiro/steering, kiro-worker.yml, .npmrc, .gitmodules, .gitattributes, CODEOWNERS): changes there are dropped.
- The tests run with \`${testCommand}\`. They have to pass when you are done, and what you write has to be covered by them.`;

const CHECKPOINT = 'This task is a checkpoint: run the tests, and mend what fails. It counts when they pass.';

const section = (title: string, text: string): string => `## ${title}\n\n${text.trim()}`;

const requirementsOf = ({ requirements }: SpecTask, { documents }: Spec): string =>
  requirements
    .map((name) => {
      const found = documents.map(({ text }) => findRequirement(text, name)).find((text) => text !== null);
      return found ? `### ${name}\n\n${found}` : `- ${name}`;
    })
    .join('\n\n');

/** What the agent is asked to do: the rules, the task, the requirements that it names, and the whole spec. */
export const promptFor = (task: SpecTask, spec: Spec, testCommand: string): string => {
  const requirements = requirementsOf(task, spec);
  return `${[
    `# Task ${task.id}: ${task.title}`,
    RULES(spec.path, testCommand),
    ...(task.isCheckpoint ? [CHECKPOINT] : []),
    section('The task', `${task.id} ${task.title}\n\n${task.details}`),
    ...(requirements ? [section('The requirements that it names', requirements)] : []),
    ...spec.documents.map(({ name, text }) => section(`${spec.path}/${name}`, text)),
    section(spec.tasksFile, spec.tasksText),
  ].join('\n\n')}\n`;
};
