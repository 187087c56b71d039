/**
 * Stands where Atlaskit looks for Atlassian's feature gates: every gate is closed, every experiment has its default. A
 * self-hosted product carries no telemetry client, not even a silent one. The bundle's test looks for its addresses.
 */
const FeatureGates = {
  initializeCompleted: (): boolean => false,
  checkGate: (): boolean => false,
  getExperiment: (): { readonly get: <Value>(name: string, fallback: Value) => Value } => ({
    get: (_name, fallback) => fallback,
  }),
  getExperimentValue: <Value>(_experiment: string, _parameter: string, fallback: Value): Value => fallback,
}

// The one default export of this repository: the package that it stands for has one.
export default FeatureGates
