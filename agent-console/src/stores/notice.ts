import { ElMessage } from 'element-plus'
import 'element-plus/es/components/message/style/css'
import { ApiError } from '../api/http'
import { i18n } from '../i18n'

/**
 * What a refusal means to a person: our own words for its id, else the engine's reason, which is in
 * the language chosen here. An id without either is shown as it is: it can be searched for.
 */
export function explain(problem: unknown): string {
  const { t, te } = i18n.global
  if (!(problem instanceof ApiError)) return t('errors.other', { id: String(problem) })
  if (te(`errors.${problem.id}`)) return t(`errors.${problem.id}`)
  if (problem.message) return problem.message
  if (problem.status === 403) return t('errors.forbidden')
  if (problem.status === 404) return t('errors.not_found')
  if (problem.status === 409) return t('errors.conflict')
  if (problem.status === 413) return t('errors.too_large')
  if (problem.status === 429) return t('errors.too_many_attempts')
  return t('errors.other', { id: problem.id })
}

export function tellProblem(problem: unknown): void {
  ElMessage({ type: 'error', message: explain(problem), showClose: true, duration: 6000 })
}

export function tellDone(message: string): void {
  ElMessage({ type: 'success', message, duration: 2500 })
}
