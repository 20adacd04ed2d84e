import { Gauge, type Registry } from 'prom-client'
import type { AuditObserver } from '../audit/audit-trail.ts'
import { CountFamily } from './families.ts'

/** How audit events fare. The series are there from the beginning, also where nothing is audited. */
export function auditMetrics(registry: Registry): AuditObserver {
  const lost = new CountFamily(registry, {
    name: 'contact_gateway_audit_lost_total',
    help: 'Audit events that could not be written, and for which there was no room to wait.',
    labels: [],
  }).with({})
  const up = new Gauge({
    name: 'contact_gateway_audit_up',
    help: '0 while audit events cannot be written, else 1.',
    registers: [registry],
  })
  up.set(1)
  return {
    lost: (events) => lost.add(events),
    works: (isWorking) => up.set(isWorking ? 1 : 0),
  }
}
