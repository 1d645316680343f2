// Properties are tried with the same values in every run, so that no run fails by chance; LANDFALL_SEED=$RANDOM explores.
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.LANDFALL_SEED ?? 20261121) })
