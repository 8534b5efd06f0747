/** How long the build may still take. It ends by itself before CodeBuild would end it, so that what was done is kept. */
export type TimeBudget = {
  /** Seconds for a step that wants `seconds`, leaving room for the last install and test run and for storing the result; 0 when there is none. */
  readonly forWork: (seconds: number) => number;
  /** Seconds for the last install, leaving room for the last test run and for storing the result. */
  readonly forLastInstall: (seconds: number) => number;
  /** Seconds for the last test run, leaving room for storing the result. */
  readonly forLastTests: (seconds: number) => number;
  /** The same, once it is known how many seconds an install takes: the last one gets twice as long. */
  readonly afterInstall: (seconds: number) => TimeBudget;
};

/** Shares of the whole, so that builds of two minutes and of a day both have room for their end. */
const STORING = { share: 0.05, least: 5, most: 180 } as const;
const MOST_SHARE_OF_LAST_TESTS = 0.25;
const MOST_SHARE_OF_LAST_INSTALL = 0.15;

type Input = { readonly timeoutMinutes: number; readonly testMinutes: number; readonly installSeconds?: number };

export const createTimeBudget = (input: Input, startedAt: Date, deps: { readonly now: () => Date }): TimeBudget => {
  const { timeoutMinutes, testMinutes, installSeconds = 0 } = input;
  const whole = timeoutMinutes * 60;
  const storing = Math.min(STORING.most, Math.max(STORING.least, whole * STORING.share));
  const lastTests = Math.min(testMinutes * 60, whole * MOST_SHARE_OF_LAST_TESTS);
  const lastInstall = Math.min(installSeconds * 2, whole * MOST_SHARE_OF_LAST_INSTALL);
  const left = () => whole - (deps.now().getTime() - startedAt.getTime()) / 1000;
  const within = (wanted: number, reserve: number): number => Math.max(0, Math.min(wanted, left() - reserve));
  return {
    forWork: (seconds) => within(seconds, storing + lastTests + lastInstall),
    forLastInstall: (seconds) => within(seconds, storing + lastTests),
    forLastTests: (seconds) => within(seconds, storing),
    afterInstall: (seconds) => createTimeBudget({ ...input, installSeconds: seconds }, startedAt, deps),
  };
};
