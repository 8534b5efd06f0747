const CHECKPOINT =
  /checkpoints?|检查点|檢查點|チェックポイント|체크포인트|puntos? de control|punto di controllo|ponto de (?:verificação|controle)|points? de contrôle|kontrollpunkt|prüfpunkt|контрольн(?:ая|а) точка|punkt kontrolny|kontrol noktası|kontrolní bod|ellenőrzőpont|controlepunt|điểm kiểm (?:tra|soát)|titik (?:pemeriksaan|periksa)|نقطة (?:تحقق|تفتيش|مراجعة)/iu;

/** What may stand beside the word, so that the title still says nothing but "checkpoint". */
const QUALIFIERS = new Set(
  (
    'final finale first last mid midpoint interim intermediate intermedio intermedia intermédiaire milestone phase phases fase fases etapa étape stage wave part batch sprint group step steps ' +
    'backend frontend api ui core integration verification validation quality regression after before of for the de da do del la le der nach and und y e et all ' +
    'abschließender letzter 最终 最終 最后 最後 中间 中間 阶段 段階 フェーズ 第 个 最終的な 최종 중간 단계 финальная итоговая промежуточная фінальна підсумкова проміжна końcowy finalny son ara nihai cuối cùng akhir نهائية'
  ).split(' '),
);

/** Where the head of a title ends: at a dash, a colon, a bracket or the end of the sentence. */
const HEAD_ENDS = /\s[-–—]+\s|[–—:：(（,，。]|\.(?:\s|$)/u;

const saysCheckpoint = (title: string): boolean => {
  const head = title.split(HEAD_ENDS)[0] ?? '';
  const beside = head.replace(CHECKPOINT, ' ');
  if (beside === head) return false;
  const words = beside
    .replace(/#?\d+[a-z]?|[^\p{L}\p{M}\s]/giu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.every((word) => QUALIFIERS.has(word.toLowerCase()) || /^[a-z]$/i.test(word));
};

/** Programs whose run changes nothing that is committed. */
const COMMAND =
  '(?:npm|pnpm|yarn|npx|pytest|python3? -m pytest|cargo|go|mvn|gradle|make|dotnet|tox|vitest|jest|ruff|eslint|mypy|tsc)';

/** `Verify bug condition exploration test now passes`, as every bugfix spec of Kiro has them: nothing is to be written. */
const VERIFIES = [
  /^(?:verify|ensure|confirm|check|re-?run)\b.*\btests?\b.*\b(?:pass(?:es|ing)?|green)\b/iu,
  /^verify (?:the )?(?:bug condition\b.*\bnow|preservation\b.*\bstill)\b/iu,
  new RegExp(`^(?:run|execute) ${COMMAND}\\b[^,;]*\\b(?:verify|confirm|ensure|check|pass(?:es)?)\\b`, 'iu'),
  new RegExp(`^(?:run|execute) ${COMMAND} [^,;]{1,40}$`, 'iu'),
  /^(?:run|execute) (?:the |all |full |complete |entire |existing |unit |integration |e2e )*(?:tests?|test suites?|suites?|lint(?:er|ing)?|type ?checks?|build)\.?$/iu,
  /^(?:验证|驗證|确认|確認|确保|確保).*(?:测试|測試|检查|檢查).*(?:通过|通過)/u,
  /テスト.*(?:パス|PASS|通過|成功|通る).*確認/u,
  /테스트.*통과.*확인/u,
  /^(?:verifizieren|überprüfen|prüfen|sicherstellen)\b.*tests?.*(?:besteh|bestanden|grün|durchl)/iu,
  /^(?:verificar|verifica|vérifier|garantir|asegurar\p{L}*)\b.*(?:pasa|passa|passent|passano|superan)/iu,
];

/** Whether a title asks for green tests instead of a change. `Checkpoint storage for the parser` does not. */
export const isCheckpointTitle = (title: string): boolean => {
  const plain = title.replace(/[*_`]/g, '').trim();
  return saysCheckpoint(plain) || VERIFIES.some((pattern) => pattern.test(plain));
};
