// foreign-odd.js HOST PORT ID KEY: a device that says what no device should, by npm's mqtt. Homie 5, more or less.
// Prints a line for each thing that happens to it; ends on SIGTERM. A line on its input makes it do one of: many, other, flood.
// SPDX-License-Identifier: GPL-3.0-or-later
const mqtt = require('mqtt')

const [host, port, id, key] = process.argv.slice(2)
const root = `homie/5/${id}`
const client = mqtt.connect(`mqtt://${host}:${port}`, { username: id, password: key, reconnectPeriod: 500 })
const say = (topic, payload, retain = true) => client.publish(`${root}/${topic}`, payload, { qos: 1, retain })

function describe (version, heat, nMany) {
  const many = {}
  for (let i = 0; i < nMany; i++) many[`p${i}`] = { name: `Number ${i}`, datatype: 'integer' }
  const nodes = {
    air: { name: 'هواء الغرفة', properties: { heat: { name: 'حرارة', datatype: heat, unit: '°C' }, note: { name: 'Note', datatype: 'string' } } }
  }
  if (nMany > 0) nodes.many = { name: 'Many', properties: many }
  say('$description', JSON.stringify({ homie: '5.0', version, name: 'Odd one', nodes }))
}

client.on('connect', () => {
  console.log('connected')
  say('$state', 'init')
  describe(1, 'float', 0)
  say('air/heat', '21.5')
  say('air/note', 'x'.repeat(64 * 1024))
  say('$wifi/signal', '-67')
  say('air/heat/one/two', '1')
  say('air/noise', Buffer.from([0xff, 0x00, 0xc3]))
  say('air/long', 'y'.repeat(70 * 1024))
  say('$state', 'ready')
})
client.on('close', () => console.log('closed'))
client.on('error', error => console.log(`error ${error.message}`))

process.stdin.on('data', data => {
  const word = data.toString().trim()
  if (word === 'many') describe(3, 'float', 10000)
  if (word === 'other') { describe(2, 'boolean', 0); say('air/heat', 'true') }
  if (word === 'flood') for (let i = 0; i < 5000; i++) say('air/heat', (i % 100).toFixed(2), false)
  console.log(`did ${word}`)
})
process.on('SIGTERM', () => { say('$state', 'disconnected'); client.end(false, {}, () => process.exit(0)) })
