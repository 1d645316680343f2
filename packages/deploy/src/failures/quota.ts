/** What to do about a ResourceQuota that refuses an object or a pod. */
export const QUOTA_HINT =
  'the namespace has a quota (kubectl describe quota): request less, or raise it'

/** Whether a refusal of the API server comes from a ResourceQuota, which it reports as Forbidden, by its text alone. */
export function isQuotaRefusal(message: string): boolean {
  return /exceeded quota/.test(message)
}
