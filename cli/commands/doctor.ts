import { resolve } from 'node:path';
import { readOwnerKind } from '../../adapters/github/find-owner';
import { countOf } from '../../domain/count-of';
import { hasCode, WorkerError } from '../../domain/errors';
import type { CliContext, Command, CommandInput } from '../command';
import { checkBoard } from '../doctor/check-board';
import { checkMachine } from '../doctor/check-machine';
import { checkRepository } from '../doctor/check-repository';
import { checkToken } from '../doctor/check-token';
import { DOCTOR_SCHEMA, type DoctorReport, exitCodeOf, type Finding, findingsOf } from '../doctor/finding';
import { openGitHub } from '../github/open-github';
import { type BoardAddress, parseBoardAddress } from '../github/parse-board-address';
import { readCredential } from '../github/read-credential';
import { parseRepositoryNames, readSettingsFile, remoteSettings } from '../github/remote-settings';
import { renderFindings } from '../render/findings';
import { createPaint } from '../render/paint';
import { optionOf } from '../run/options';

/** A branch as the worker would push it; it need not exist. */
const USUAL_BRANCH = 'feature/kiro-worker-doctor';

const boardOf = (input: CommandInput): BoardAddress | null => {
  const text = optionOf(input, 'board');
  const address = text === undefined ? null : parseBoardAddress(text);
  if (text === undefined || address) return address;
  throw new WorkerError(
    'ValidationError',
    'The doctor looks at boards on GitHub; a board file needs none of that.',
    'Write --board github:OWNER/NUMBER, or leave it out to have only this machine looked at.',
  );
};

/** Everything that can be found out about GitHub without writing to it. What cannot be asked ends with the reason. */
const checkGitHub = async (
  board: BoardAddress,
  input: CommandInput,
  context: CliContext,
): Promise<readonly Finding[]> => {
  const repositories = parseRepositoryNames(optionOf(input, 'repo') ?? '');
  const path = optionOf(input, 'settings');
  const file = readSettingsFile(path === undefined ? null : resolve(context.cwd, path));
  const credential = readCredential(input, context);
  const { failed } = findingsOf('token');
  let github: ReturnType<typeof openGitHub>;
  let ownerKind: Awaited<ReturnType<typeof readOwnerKind>>;
  try {
    github = openGitHub(credential, board.owner, context);
    ownerKind = file.ownerKind ?? (await readOwnerKind(board.owner, github.run));
  } catch (error) {
    if (hasCode(error, 'ValidationError')) throw error;
    // The account is asked for with the token: what is not there says nothing against the token.
    return hasCode(error, 'NotFound')
      ? [findingsOf('board', `${board.owner}/${board.number}`).failed('board-access', error)]
      : [failed('token-valid', error)];
  }
  const settings = await remoteSettings(board, repositories, { ...file, ownerKind }, github.run);
  const branch = optionOf(input, 'branch') ?? USUAL_BRANCH;
  const findings = [
    ...(await checkToken(github, board.owner, ownerKind, new Date())),
    ...(await checkBoard(settings, github)),
  ];
  for (const repository of settings.repositories) findings.push(...(await checkRepository(repository, branch, github)));
  return findings;
};

const summaryOf = ({ problems, warnings, board }: DoctorReport): string => {
  const found = `${countOf(problems, 'problem')}, ${countOf(warnings, 'warning')}.`;
  return board === null
    ? `${found} To have GitHub looked at, too: --board github:OWNER/NUMBER --repo OWNER/NAME.`
    : found;
};

export const doctor: Command = {
  name: 'doctor',
  summary: 'Looks at this machine, the token, the board and the repositories, and says what to mend',
  usage:
    'doctor [--board github:OWNER/NUMBER --repo OWNER/NAME] [--agent "COMMAND"] [--branch NAME] [--settings FILE] [--token-file FILE] [--json]',
  options: {
    board: 'BOARD on GitHub, github:OWNER/NUMBER; without it only this machine is looked at',
    repo: 'NAMES of repositories, OWNER/NAME with commas between',
    agent: 'COMMAND that is meant to be the agent, or kiro-cli',
    branch: `NAME of a feature branch, for which the rules are looked at; default ${USUAL_BRANCH}`,
    settings: 'FILE with names of fields and options of the board, where they are not the usual ones',
    'token-file': 'FILE with the token for GitHub; else GITHUB_TOKEN_FILE, or GITHUB_TOKEN itself',
  },
  positionals: [],
  jsonTakesFile: false,
  run: async (input, context) => {
    const board = boardOf(input);
    const github = board ? await checkGitHub(board, input, context) : [];
    const findings = [...(await checkMachine(optionOf(input, 'agent'), context)), ...github];
    const count = (status: Finding['status']) => findings.filter((finding) => finding.status === status).length;
    const report: DoctorReport = {
      $schema: DOCTOR_SCHEMA,
      version: 1,
      board: board && `github:${board.owner}/${board.number}`,
      findings,
      problems: count('problem'),
      warnings: count('warning'),
    };
    if (input.json) context.print(JSON.stringify(report, null, 2));
    else
      for (const line of [...renderFindings(findings, createPaint(context.colors)), '', summaryOf(report)])
        context.print(line);
    return exitCodeOf(findings);
  },
};
