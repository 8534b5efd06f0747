/** The result of `work`, or nothing if it takes longer than `milliseconds`. The work itself goes on. */
export const inTime = async <T>(work: Promise<T>, milliseconds: number): Promise<{ readonly value: T } | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  return Promise.race([work.then((value) => ({ value })), late]).finally(() => clearTimeout(timer));
};
