-- nodes (__typename, id, slug, year, level)
SELECT 'Prize', uid, slug, NULL, NULL FROM prize WHERE uid = 'pri_4fgoyy2fef3ub6ji'
UNION ALL
SELECT 'Award', uid, NULL, year, level FROM award WHERE uid = 'awd_egnu2u6ndogrkdap';
