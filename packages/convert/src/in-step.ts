/** Runs a step of an adaptation. Whatever it throws is a bug, and the error names the adaptation. */
export function inStep(id: string, step: () => void): void {
  try {
    step()
  } catch (error) {
    throw new Error(`the adaptation ${id} failed`, { cause: error })
  }
}
