const answer = await fetch(`http://127.0.0.1:${process.env.SERVER_PORT}/health`).catch((error) => error)
if (!answer.ok) {
  console.error(answer instanceof Error ? answer.message : await answer.text())
  process.exitCode = 1
}
