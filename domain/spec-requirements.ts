/** `1`, `1.2`, `R3`, `REQ-4`: one requirement as a task names it. */
const NAME = /^[A-Za-z]{0,8}[-_]?\d+(?:\.\d+)*[a-z]?$/;

/** `_Requirements: 1.2, 3.1_` and `**Validates: Requirements 1.2**`, whose words may be of any language. */
const LINES = [/\b(?:requirements?|validates?)[_*]{0,3}\s{0,3}[:：](.+)$/gim, /_[^_:：\n]{1,40}[:：]\s*([^_\n]+)_/g];

/** The requirements that the lines below a task name, each once, in their order. */
export const readRequirements = (details: string): readonly string[] => {
  const names = LINES.flatMap((pattern) => [...details.matchAll(pattern)]).flatMap(([, list = '']) =>
    list
      .replace(/[_*]/g, ' ')
      .split(/[,;、，；\s]+/)
      .map((name) => name.replace(/\.$/, ''))
      .filter((name) => NAME.test(name)),
  );
  return [...new Set(names)];
};
