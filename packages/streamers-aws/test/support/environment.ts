/** Booster refuses to be loaded without it; here nothing of it is run. To be imported first. */
process.env.BOOSTER_ENV ??= 'test'
