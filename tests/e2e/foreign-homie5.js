// foreign-homie5.js HOST PORT ID KEY: a lamp as npm's node-homie 5.0.0 publishes it (Homie 5).
// Prints a line for each thing that happens to it; ends on SIGTERM.
// SPDX-License-Identifier: GPL-3.0-or-later
const { HomieDevice, HomieNode, HomieProperty } = require('node-homie')

const [host, port, id, key] = process.argv.slice(2)
const device = new HomieDevice({ id, name: 'Foreign lamp', type: 'foreign-lamp' },
  { url: `mqtt://${host}:${port}`, username: id, password: key, reconnectPeriod: 500 })

const light = device.add(new HomieNode(device, { id: 'light', name: 'Light', type: 'light' }))
const properties = [
  { id: 'on', name: 'On', datatype: 'boolean', settable: true, retained: true, value: 'false' },
  { id: 'brightness', name: 'Brightness', datatype: 'integer', format: '0:100', unit: '%', settable: true, retained: true, value: '40' },
  { id: 'color', name: 'Color', datatype: 'color', format: 'rgb,hsv', settable: true, retained: true, value: 'rgb,255,160,40' },
  { id: 'scene', name: 'Scene', datatype: 'enum', format: 'day,evening,night', settable: true, retained: true, value: 'day' },
  { id: 'temperature', name: 'Temperature', datatype: 'float', unit: '°C', settable: false, retained: true, value: '38.4' },
]
for (const { value, ...attributes } of properties) {
  const property = light.add(new HomieProperty(light, attributes))
  property.value = value
  property.onSetMessage$.subscribe(event => {
    console.log(`set light/${attributes.id} ${event.valueStr}`)
    property.value = event.valueStr
  })
}
device.onInit()
console.log('started')

process.on('SIGTERM', async () => { setTimeout(() => process.exit(0), 1000); await device.onDestroy(); process.exit(0) })
