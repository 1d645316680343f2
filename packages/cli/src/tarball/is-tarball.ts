/** Whether a PROJECT is the name of a tarball. */
export function isTarball(place: string | undefined): place is string {
  return place !== undefined && /\.(tar|tar\.gz|tgz|zip)$/i.test(place)
}
