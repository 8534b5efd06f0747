import { expect } from 'chai';
import { isCheckpointTitle } from '../../domain/spec-checkpoint';

describe('isCheckpointTitle', () => {
  it('sees checkpoints in the languages and with the additions that plans have', () => {
    for (const title of [
      'Checkpoint',
      'Final checkpoint - all tests pass',
      '**Checkpoint 2**: verify',
      'Checkpoint C',
      'Phase 1 Checkpoint',
      'Checkpoint Fase 1 — Todos los tests pasan',
      'Checkpoint after phase 2',
      'Punto de control — Verificar que todo pasa',
      'Point de contrôle : les tests passent',
      '检查点 - 确保所有测试通过',
      '最终检查点 - 前后端',
      'チェックポイント - コア',
      '체크포인트 - 모든 테스트',
      'Контрольная точка — все тесты',
      'Контрольна точка — усі тести проходять',
      'Фінальна контрольна точка',
      'Son kontrol noktası - tüm testler',
      'Końcowy punkt kontrolny',
      'Điểm kiểm tra - tất cả tests pass',
      'نقطة تحقق - جميع الاختبارات',
    ])
      expect(isCheckpointTitle(title), title).to.equal(true);
  });

  it('sees the steps of a bugfix plan that only verify', () => {
    for (const title of [
      'Verify bug condition exploration test now passes',
      'Verify preservation tests still pass',
      'Verify bug condition query now returns each row once',
      'Verify preservation queries still return the same rows',
      'Re-run the tests: all pass',
      'Confirm the preservation tests still pass',
      'Run `npm run build` and verify zero errors',
      'Run `pnpm lint`.',
      'Run full test suite',
      '验证错误条件测试现在通过',
      '既存のテストがPASSすることを確認する',
    ])
      expect(isCheckpointTitle(title), title).to.equal(true);
  });

  it('takes no work for a checkpoint', () => {
    for (const title of [
      'Checkpoint storage for the parser',
      'Add a checkpoint',
      'Điểm kiểm tra định kỳ của học sinh',
      'Додати контрольну точку',
      'Write checkpoint tests',
      'Checkpointing of long runs',
      'Write tests that pass',
      'Run tests on every push in CI',
      'Run migrations before the service starts',
      'Run `npm audit fix`, and commit the lock file',
      'Verify the input of users',
      'Verify preservation of the order on write',
      'Verify the password, and add tests for it',
    ])
      expect(isCheckpointTitle(title), title).to.equal(false);
  });
});
