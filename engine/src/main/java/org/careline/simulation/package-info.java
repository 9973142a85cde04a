/**
 * What-if: the routing of the hotline over simulated hours, with a virtual clock. Knows routing and
 * nothing of telephones.
 */
package org.careline.simulation;
