/** For how long things have been as they are: pods show what is wrong with them, and rarely since when. */
export interface Sightings {
  /** Milliseconds since this was seen first and in every round after that. */
  since(key: string): number
}

/** Begins a round of looking at a time; what was not looked up in the round before is forgotten. */
export function rememberSightings(): (now: number) => Sightings {
  let before = new Map<string, number>()
  let present = new Map<string, number>()
  return (now) => {
    before = present
    present = new Map()
    return {
      since(key) {
        const first = present.get(key) ?? before.get(key) ?? now
        present.set(key, first)
        return now - first
      },
    }
  }
}
