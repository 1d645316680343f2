/**
 * Whether the registry of a host answers over https within three seconds, as it must when nodes pull from it.
 * `docker.io` means the server behind Docker Hub's names.
 */
export async function registryAnswers(
  host: string,
  fetchUrl: typeof fetch = fetch,
): Promise<boolean> {
  const server = host === 'docker.io' ? 'registry-1.docker.io' : host
  try {
    const answer = await fetchUrl(`https://${server}/v2/`, { signal: AbortSignal.timeout(3000) })
    await answer.body?.cancel()
    return answer.status === 200 || answer.status === 401
  } catch {
    return false
  }
}
