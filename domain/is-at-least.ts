/** Whether a version (`2.39.5`) is this one or a later one. */
export const isAtLeast = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [ours = 0, second = 0] = version.split('.').map(Number);
  return ours > major || (ours === major && second >= minor);
};
