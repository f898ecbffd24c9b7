const axios = require('axios')

module.exports = async ({ variables, inputs }) => {
  const { email, name, consent } = inputs
  if (!consent) return { email, kept: false }
  await axios.put(`${variables.listUrl}/subscribers/${encodeURIComponent(email)}`, { name })
  return { email, kept: true }
}
