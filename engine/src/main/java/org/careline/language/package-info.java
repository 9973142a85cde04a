/**
 * Sentences for people, in Chinese and English. The lowest package: it knows nobody, everybody may
 * use it.
 */
package org.careline.language;
