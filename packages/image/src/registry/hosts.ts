/** Whether a host, with or without a port, is this machine. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host)
}

/** The address of a host's own registry. Docker Hub's differs from the host in its names. */
export function serverOf(host: string): string {
  return `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}`
}
