/** What has arrived of several downloads. Sizes are bytes. */
export interface Transfer {
  received: number
  /** Unknown until every server has reported its part. */
  total: number | undefined
  /** Bytes in a second, of the last seconds; unknown in the first. */
  speed: number | undefined
}

/** "57 of 620 MB, 4.2 MB/s, 2 min left"; "57 of 620 MB, nothing is arriving". */
export function transferWords({ received, total, speed }: Transfer): string {
  const size =
    total === undefined
      ? `${megabytes(received)} MB`
      : `${megabytes(received)} of ${megabytes(total)} MB`
  if (speed === undefined) return size
  if (speed < 1) return `${size}, nothing is arriving`
  const pace = `${size}, ${speedWords(speed)}`
  if (total === undefined || received >= total) return pace
  return `${pace}, ${timeWords((total - received) / speed)} left`
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6)
}

function speedWords(speed: number): string {
  if (speed < 1e5) return `${Math.max(1, Math.round(speed / 1e3))} kB/s`
  return `${speed < 1e7 ? (speed / 1e6).toFixed(1) : Math.round(speed / 1e6)} MB/s`
}

function timeWords(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s`
  if (seconds < 2 * 3600) return `${Math.ceil(seconds / 60)} min`
  return `${Math.round(seconds / 3600)} h`
}
