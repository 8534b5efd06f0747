import type { TaskEnvironment } from './env';

/** What has to be added to a `kiro-worker` command in a text for people, so that it is about this environment; nothing on one machine. */
export const commandOption = ({
  ENVIRONMENT,
  AWS_ENDPOINT_URL,
}: Pick<TaskEnvironment, 'ENVIRONMENT' | 'AWS_ENDPOINT_URL'>): string =>
  AWS_ENDPOINT_URL === undefined ? ` --env ${ENVIRONMENT}` : '';
