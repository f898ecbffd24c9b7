const axios = require('axios')

// Called for every new or changed contact. What it throws fails the record; an answer of 429 or 5xx has it tried again.
module.exports = async ({ variables, inputs }) => {
  const { id, ...contact } = inputs
  const response = await axios.put(`${variables.baseUrl}/contacts/${encodeURIComponent(id)}`, contact, {
    headers: { authorization: `Bearer ${variables.apiKey}` },
    timeout: 10000,
  })
  return { status: response.status }
}
