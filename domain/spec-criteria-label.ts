const CRITERIA =
  /acceptance|criteria|definition of done|done when|验收|驗收|受け?入れ|完了条件|완료 ?조건|인수|kabul|akzeptanz|acepta|aceita|accetta|critères|критери|kryteri/iu;
/** What is checked when a task is done, and no criterion by its name. */
const CHECKS = /evidence|verification|checklist|验证|驗證|検証/iu;
/** A heading, a line in bold, or one that ends with a colon. */
const LABEL = /^#{1,6}[ \t]|^[ \t]*(?:[-*+][ \t]+)?(?:\*\*|__)|[:：][*_ \t]*$/u;
/** With nothing behind it. */
const ALONE = /^[ \t]*(?:[-*+][ \t]+)?(?:\*\*|__)[^*_\n]{1,80}(?:\*\*|__)[ \t]*$|[:：][*_ \t]*$/u;

/** "Acceptance criteria", as a heading, in bold or with a colon. */
export const labelsCriteria = (line: string): boolean => LABEL.test(line) && CRITERIA.test(line);

/** What the list below this line is, where it says so: `criteria` of the task above, or `other` things. */
export const listLabel = (line: string): 'criteria' | 'other' | null => {
  if (!ALONE.test(line)) return null;
  return CRITERIA.test(line) || CHECKS.test(line) ? 'criteria' : 'other';
};
