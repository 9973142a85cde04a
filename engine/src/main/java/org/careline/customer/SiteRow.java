package org.careline.customer;

/**
 * One good row of a file of sites. Immutable.
 *
 * @param line where it begins, from 1
 * @param chainName empty = the file does not say
 */
record SiteRow(long line, String chainCode, String chainName, String siteCode, SiteData data) {}
